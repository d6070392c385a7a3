/**
 * Bundles what lives outside of JupyterLab into the Python package, style sheets inlined: the anywidget and the program of
 * exported pages. Says which packages went in.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';

const BUNDLES = [
  { entry: 'src/widget/index.tsx', styles: 'style/index.css', format: 'esm', name: 'run' },
  { entry: 'src/export/index.tsx', styles: 'src/export/styles.css', format: 'iife', name: 'export' }
];
const META = 'lib/widget-meta.json';

async function bundle({ entry, styles, format, name }) {
  const outfile = `../ml_jupyter/static/${name}.js`;
  const css = await build({ entryPoints: [styles], bundle: true, minify: true, write: false });
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format,
    target: 'es2020',
    charset: 'utf8',
    legalComments: 'none',
    outfile,
    metafile: true,
    define: {
      'process.env.NODE_ENV': '"production"',
      ML_JUPYTER_STYLES: JSON.stringify(css.outputFiles[0].text)
    }
  });
  console.log(`${outfile}: ${(metafile.outputs[outfile].bytes / 1000).toFixed(0)} kB`);
  return metafile.inputs;
}

const inputs = await Promise.all(BUNDLES.map(bundle));
mkdirSync('lib', { recursive: true });
writeFileSync(META, JSON.stringify({ inputs: Object.assign({}, ...inputs) }));
