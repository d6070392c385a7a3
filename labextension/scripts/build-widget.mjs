/**
 * Bundles what lives outside of JupyterLab into the Python package, style sheets and words inlined: the anywidget and the
 * program of exported pages. Says which packages went in.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { build } from 'esbuild';
import { collectFrom } from './words.mjs';

const BUNDLES = [
  { entry: 'src/widget/index.tsx', styles: 'style/index.css', format: 'esm', name: 'run' },
  { entry: 'src/export/index.tsx', styles: 'src/export/styles.css', format: 'iife', name: 'export' }
];
const META = 'lib/widget-meta.json';
const LOCALES = '../ml_jupyter/locale';

/** The catalogues by language, each with the words that these files speak. */
function catalogues(files) {
  const { words } = collectFrom(files, '.');
  const one = locale => {
    const path = `${LOCALES}/${locale}/LC_MESSAGES/ml_jupyter.json`;
    const all = Object.entries(JSON.parse(readFileSync(path, 'utf8')));
    return Object.fromEntries(all.filter(([word]) => words.has(word)));
  };
  return Object.fromEntries(readdirSync(LOCALES).map(name => [name.split('_')[0], one(name)]));
}

async function bundle({ entry, styles, format, name }) {
  const outfile = `../ml_jupyter/static/${name}.js`;
  const css = await build({ entryPoints: [styles], bundle: true, minify: true, write: false });
  const options = {
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format,
    target: 'es2020',
    charset: 'utf8',
    legalComments: 'none',
    outfile,
    metafile: true
  };
  const first = await build({ ...options, write: false });
  const own = Object.keys(first.metafile.inputs).filter(path => path.startsWith('src/'));
  const { metafile } = await build({
    ...options,
    define: {
      'process.env.NODE_ENV': '"production"',
      ML_JUPYTER_STYLES: JSON.stringify(css.outputFiles[0].text),
      ML_JUPYTER_CATALOGUES: JSON.stringify(catalogues(own.map(path => resolve(path))))
    }
  });
  console.log(`${outfile}: ${(metafile.outputs[outfile].bytes / 1000).toFixed(0)} kB`);
  return metafile.inputs;
}

const inputs = await Promise.all(BUNDLES.map(bundle));
mkdirSync('lib', { recursive: true });
writeFileSync(META, JSON.stringify({ inputs: Object.assign({}, ...inputs) }));
