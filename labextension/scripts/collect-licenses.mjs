/** Writes the licence texts of every npm package that is bundled, into the labextension's folder. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const META = 'lib/widget-meta.json';
const BUILT = '../ml_jupyter/labextension';
const BUILDER_REPORT = join(BUILT, 'static/third-party-licenses.json');
const OUT = join(BUILT, 'third-party-licenses.txt');

/** Names of the packages whose files a bundle holds. */
function bundledInWidget() {
  const inputs = Object.keys(JSON.parse(readFileSync(META, 'utf8')).inputs);
  const names = inputs.map(path => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  return names.filter(name => name !== undefined);
}

function bundledInLabextension() {
  if (!existsSync(BUILDER_REPORT)) {
    return [];
  }
  return JSON.parse(readFileSync(BUILDER_REPORT, 'utf8')).packages.map(one => one.name);
}

function licenceOf(name) {
  const folder = join('node_modules', name);
  const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find(one => /^licen[cs]e/i.test(one));
  const text = file ? readFileSync(join(folder, file), 'utf8').trim() : `Licence: ${license}`;
  return `${name} ${version} (${license})\n\n${text}`;
}

const names = [...new Set([...bundledInWidget(), ...bundledInLabextension()])]
  .filter(name => existsSync(join('node_modules', name)))
  .sort();
const rule = `\n\n${'-'.repeat(79)}\n\n`;
const head = 'Packages bundled in the JupyterLab extension and in the widget of ml_jupyter.';
writeFileSync(OUT, [head, ...names.map(licenceOf)].join(rule) + '\n');
console.log(`${OUT}: ${names.join(', ')}`);
