/**
 * Collects the words of the front end: what is handed to `trans.__` and `trans._n` as literals, read from the syntax tree.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

const CALLS = { __: 1, _n: 2, _p: 2, _np: 3 };

/** Every TypeScript file below a folder that ships: no tests, no demonstration data. */
export function sourceFiles(root) {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .filter(path => !/__tests__|[\\/]sources[\\/](demo|fake)/.test(path))
    .sort();
}

export function parse(path) {
  const text = readFileSync(path, 'utf8');
  return ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
}

const place = (root, file, node) =>
  `${relative(root, file.fileName)}:${file.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;

/** The value of a literal, or of literals put together with `+`; undefined for anything else. */
function literal(node) {
  if (ts.isStringLiteralLike(node)) {
    return node.text;
  }
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken) {
    const [left, right] = [literal(node.left), literal(node.right)];
    return left === undefined || right === undefined ? undefined : left + right;
  }
  return undefined;
}

function isTranslator(node) {
  const text = node.getText();
  return text === 'trans' || text.endsWith('.trans');
}

function callOf(node) {
  if (!ts.isCallExpression(node) || !ts.isPropertyAccessExpression(node.expression)) {
    return undefined;
  }
  const { expression, name } = node.expression;
  return name.text in CALLS && isTranslator(expression) ? name.text : undefined;
}

/**
 * The words below `root`: `words` maps a key to its English forms and the places it is used at; `unread` lists the calls
 * whose words are no literals, which no catalogue can know.
 */
export const collect = root => collectFrom(sourceFiles(root), root);

/** The same of these files alone. */
export function collectFrom(paths, root) {
  const words = new Map();
  const unread = [];
  for (const path of paths) {
    const file = parse(path);
    const visit = node => {
      const method = callOf(node);
      if (method) {
        const forms = node.arguments.slice(0, CALLS[method]).map(literal);
        const at = place(root, file, node);
        if (forms.includes(undefined)) {
          unread.push(at);
        } else {
          const known = words.get(forms[0]) ?? { forms, at: [] };
          known.at.push(at);
          known.forms = known.forms.length > forms.length ? known.forms : forms;
          words.set(forms[0], known);
        }
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return { words, unread };
}

/** Keys of a schema of settings that people read the text of; JupyterLab asks for no others. */
const SHOWN = ['title', 'description', 'jupyter.lab.setting-icon-label'];

/** The words that the schemas below a folder show in JupyterLab's settings, of which our plugins translate them. */
export function schemaWords(folder) {
  const found = new Set();
  const visit = node => {
    for (const [key, value] of Object.entries(node)) {
      if (typeof value === 'string' && SHOWN.includes(key)) {
        found.add(value);
      } else if (typeof value === 'object' && value !== null) {
        visit(value);
      }
    }
  };
  for (const name of readdirSync(folder).filter(one => one.endsWith('.json'))) {
    const schema = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    if (schema['jupyter.lab.transform']) {
      visit(schema);
    }
  }
  return found;
}

/** Attributes whose text people read or hear. */
const READ_ALOUD =
  /^(title|aria-label|aria-description|placeholder|alt|label|text|what|keys|heading)$/;
const WORD = /\p{L}{2,}/u;
/** Two words and more that begin as a sentence does. */
const SENTENCE = /^\p{Lu}\p{Ll}*[ ,’'][\p{L}“%]/u;
/** Code that is put into cells, and names that no language changes. */
const CODE = /^(False None|JupyterLab (Light|Dark)$)/;

/** What only developers read: descriptions of plugins, tokens and arguments, types of tabs, the console. */
function forDevelopers(node) {
  if (ts.isPropertyAssignment(node)) {
    return ['description', 'type'].includes(node.name.getText());
  }
  if (ts.isCallExpression(node)) {
    return node.expression.getText().startsWith('console.');
  }
  return ts.isNewExpression(node) && node.expression.getText() === 'Token';
}

function insideSeam(node) {
  for (let at = node; at; at = at.parent) {
    if (callOf(at) || forDevelopers(at) || ts.isImportDeclaration(at) || ts.isTypeNode(at)) {
      return true;
    }
  }
  return false;
}

function isOutside(node) {
  if (ts.isJsxText(node)) {
    return WORD.test(node.text.replaceAll(/&\w+;/g, ''));
  }
  if (!ts.isStringLiteralLike(node) && !ts.isTemplateHead(node)) {
    return false;
  }
  const { parent } = node;
  if (ts.isJsxAttribute(parent)) {
    return READ_ALOUD.test(parent.name.getText()) && WORD.test(node.text);
  }
  return SENTENCE.test(node.text) && !CODE.test(node.text);
}

/** Text of a file that people see and that no translator is asked for, with its place. */
export function outsideOf(file, root) {
  const found = [];
  const visit = node => {
    if (isOutside(node) && !insideSeam(node)) {
      found.push(`${place(root, file, node)} ${node.text.trim()}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

/** The text of every file below `root` that is outside of the seam. */
export const outside = root => sourceFiles(root).flatMap(path => outsideOf(parse(path), root));
