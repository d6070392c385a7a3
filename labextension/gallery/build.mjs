/** Builds the gallery into gallery/dist: every view with the source in memory, without a server. For development. */
import { copyFileSync, mkdirSync } from 'node:fs';
import { build } from 'esbuild';

mkdirSync('gallery/dist', { recursive: true });
copyFileSync('gallery/index.html', 'gallery/dist/index.html');
await build({
  entryPoints: { gallery: 'gallery/main.tsx', styles: 'gallery/gallery.css' },
  outdir: 'gallery/dist',
  bundle: true,
  format: 'esm',
  target: 'es2022',
  loader: { '.woff2': 'file' },
  sourcemap: 'inline',
  define: { 'process.env.NODE_ENV': '"production"' },
  logLevel: 'warning'
});
