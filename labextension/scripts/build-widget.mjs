/** Bundles the anywidget, its style sheet inlined, into the Python package; says which packages went in. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const OUT = '../ml_jupyter/static/run.js';
const META = 'lib/widget-meta.json';

const styles = await build({
  entryPoints: ['style/index.css'],
  bundle: true,
  minify: true,
  write: false
});
const result = await build({
  entryPoints: ['src/widget/index.tsx'],
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2020',
  charset: 'utf8',
  legalComments: 'none',
  outfile: OUT,
  metafile: true,
  define: {
    'process.env.NODE_ENV': '"production"',
    ML_JUPYTER_STYLES: JSON.stringify(styles.outputFiles[0].text)
  }
});
mkdirSync('lib', { recursive: true });
writeFileSync(META, JSON.stringify(result.metafile));
console.log(`${OUT}: ${(result.metafile.outputs[OUT].bytes / 1000).toFixed(0)} kB`);
