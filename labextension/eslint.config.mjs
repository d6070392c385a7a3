import js from '@eslint/js';
import jupyter from '@jupyter/eslint-plugin';
import prettier from 'eslint-config-prettier';
import hooks from 'eslint-plugin-react-hooks';
import { defineConfig } from 'eslint/config';
import ts from 'typescript-eslint';

const typed = ['src/**/*.{ts,tsx}', 'gallery/**/*.{ts,tsx}', '*.{ts,mts}'];

/** Which folders a part of the package may not reach into: imports point down only. */
const walls = [
  {
    files: ['src/model/**'],
    patterns: ['**/sources/*', '**/components/**', '**/plugins/*', '**/mime/*', '**/widget/*'],
    packages: ['react', 'react-dom', '@jupyterlab/*', '@lumino/*']
  },
  {
    files: ['src/components/**'],
    patterns: ['**/plugins/*', '**/mime/*', '**/sources/*'],
    packages: ['@jupyterlab/*', '@lumino/*']
  },
  {
    files: ['src/sources/**', 'src/widget/**'],
    patterns: ['**/plugins/*', '**/mime/*'],
    packages: ['@jupyterlab/*', '@lumino/*']
  }
];

/** Jupyter's own rules; a warning of theirs is an error here. */
const jupyterRules = Object.fromEntries(
  Object.keys(jupyter.configs.recommended[0].rules).map(rule => [rule, 'error'])
);

export default defineConfig(
  { ignores: ['lib', 'node_modules', 'coverage', 'gallery/dist', 'gallery/shots'] },
  js.configs.recommended,
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { console: 'readonly', process: 'readonly', URL: 'readonly' } }
  },
  {
    files: typed,
    extends: [ts.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: import.meta.dirname }
    },
    plugins: { jupyter, 'react-hooks': hooks },
    rules: {
      ...jupyterRules,
      // The renderer of outputs is made synchronously and holds nearly everything: one bundle.
      'jupyter/prefer-lazy-imports': 'off',
      'react-hooks/rules-of-hooks': 'error',
      'react-hooks/exhaustive-deps': 'error',
      '@typescript-eslint/naming-convention': [
        'error',
        { selector: 'interface', format: ['PascalCase'], custom: { regex: '^I[A-Z]', match: true } }
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': 'off',
      '@typescript-eslint/no-invalid-void-type': 'off',
      eqeqeq: 'error',
      'no-console': ['error', { allow: ['warn', 'error'] }]
    }
  },
  ...walls.map(({ files, patterns, packages }) => ({
    files,
    ignores: ['**/__tests__/**', 'src/sources/server*.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ group: [...patterns, ...packages] }] }]
    }
  })),
  {
    // The words of the demonstration stand for what a server sends.
    files: ['src/sources/demo*.ts'],
    rules: { 'jupyter/no-untranslated-string': 'off' }
  },
  {
    files: ['**/__tests__/**', 'gallery/**'],
    rules: {
      'jupyter/no-untranslated-string': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/require-await': 'off'
    }
  },
  prettier
);
