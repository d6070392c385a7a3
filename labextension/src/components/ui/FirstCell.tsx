import React from 'react';
import type { IViewHost } from '../../model/host';
import { trans } from '../../model/language';
import { copyText } from '../data/copyText';
import { Button } from './Button';

const KEYWORD = /^(from|import)$/;

/** The few lines of code with the host's colours. */
function Code({ text }: { text: string }): React.JSX.Element {
  const parts = text.split(/(\bfrom\b|\bimport\b|"[^"]*"|=)/);
  return (
    <pre className="jp-ml-code">
      {parts.map((part, i) => {
        const name = KEYWORD.test(part)
          ? 'jp-ml-code-k'
          : part.startsWith('"')
            ? 'jp-ml-code-s'
            : part === '='
              ? 'jp-ml-code-o'
              : undefined;
        return (
          <span key={i} className={name}>
            {part}
          </span>
        );
      })}
    </pre>
  );
}

interface IFirstCellProps {
  readonly host: Pick<IViewHost, 'insertCell' | 'notify'>;
  readonly code: string;
}

/** The few lines that make the first of something, to be put into a notebook or copied. */
export function FirstCell({ host, code }: IFirstCellProps): React.JSX.Element {
  const { insertCell } = host;
  return (
    <>
      <Code text={code} />
      <div className="jp-ml-row">
        {insertCell && (
          <Button kind="primary" icon="cells" onClick={() => insertCell(code)}>
            {trans.__('Insert into notebook')}
          </Button>
        )}
        <Button icon="copy" onClick={() => void copyText(host, code, trans.__('the code'))}>
          {trans.__('Copy')}
        </Button>
      </div>
    </>
  );
}
