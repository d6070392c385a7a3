import React from 'react';
import { formatSize } from '../../model/format';
import { trans } from '../../model/language';
import type { IRunSource } from '../../model/source';
import { toClipboard } from '../data/clipboard';
import { IconButton } from '../ui/Button';
import { Diff } from './Diff';
import { Source } from './Source';
import { MOST_BYTES, useText, type ICodePair, type IText } from './useCode';

interface ICodeFileProps {
  readonly source: IRunSource;
  readonly pair: ICodePair;
  readonly path: string;
  readonly change: 'added' | 'removed' | 'changed' | null;
  readonly line: number | null;
  readonly onLine: (line: number) => void;
}

const NONE: IText = { text: '', whole: true, size: 0 };

function Body(props: ICodeFileProps & { before: IText; after: IText }): React.JSX.Element {
  const { pair, path, before, after, line, onLine } = props;
  const alone = pair.before === null;
  if (before.text === null || after.text === null) {
    const size = formatSize(after.size || before.size);
    return (
      <p className="jp-ml-dim jp-ml-code-note">
        {alone ? trans.__('Binary, %1.', size) : trans.__('Binary, %1, changed.', size)}
      </p>
    );
  }
  return (
    <>
      {alone ? (
        <Source text={after.text} path={path} line={line} onLine={onLine} />
      ) : (
        <Diff before={before.text} after={after.text} path={path} />
      )}
      {!(before.whole && after.whole) && (
        <p className="jp-ml-small jp-ml-dim jp-ml-code-note">
          {trans.__('Only the first %1 are shown.', formatSize(MOST_BYTES))}
        </p>
      )}
    </>
  );
}

/** One source file, or how it differs between the two. */
export function CodeFile(props: ICodeFileProps): React.JSX.Element {
  const { source, pair, path, change } = props;
  const alone = pair.before === null;
  const after = useText(source, pair.after, change === 'removed' ? null : path);
  const old = alone || change === 'added' ? null : path;
  const before = useText(source, pair.before ?? pair.after, old);
  const error = after.error ?? before.error;
  const texts = {
    after: change === 'removed' ? NONE : after.value,
    before: old === null ? NONE : before.value
  };
  const text = texts.after?.text ?? null;
  return (
    <div className="jp-ml-preview">
      <div className="jp-ml-bar">
        <span className="jp-ml-cut jp-ml-mono" title={path}>
          {path}
        </span>
        <span className="jp-ml-grow" />
        {text && (
          <IconButton
            icon="copy"
            label={trans.__('Copy the file')}
            onClick={() => void toClipboard(text)}
          />
        )}
      </div>
      <div className="jp-ml-code-body">
        {error && <p className="jp-ml-err jp-ml-code-note">{error.message}</p>}
        {!error && texts.after && texts.before && (
          <Body {...props} after={texts.after} before={texts.before} />
        )}
      </div>
    </div>
  );
}
