import React, { memo } from 'react';
import { formatSize } from '../../model/format';
import type { LineKind } from './kinds';
import type { ITerminalLine } from './line';
import type { IMatch } from './search';
import { PLAIN, styleClass, styleColours, type IStyle } from './style';

interface IPiece {
  readonly text: string;
  readonly style: IStyle;
  readonly match: IMatch | null;
}

/** The line's text in pieces that are alike in style and match. */
export function pieces(line: ITerminalLine, matches: readonly IMatch[]): IPiece[] {
  const { text, spans } = line;
  const edges = new Set([0, text.length]);
  [...spans, ...matches].forEach(({ from, to }) => edges.add(from).add(to));
  const places = [...edges].filter(p => p <= text.length).sort((a, b) => a - b);
  return places.slice(0, -1).map((from, i) => ({
    text: text.slice(from, places[i + 1]),
    style: spans.find(s => s.from <= from && from < s.to)?.style ?? PLAIN,
    match: matches.find(m => m.from <= from && from < m.to) ?? null
  }));
}

function Piece({ piece, on }: { piece: IPiece; on: boolean }): React.JSX.Element {
  const name = styleClass(piece.style);
  const colours = styleColours(piece.style);
  const styled =
    name || colours ? (
      <span className={colours ? `${name} jp-ml-t-rgb` : name} style={colours}>
        {piece.text}
      </span>
    ) : (
      <>{piece.text}</>
    );
  return piece.match ? <mark className={on ? 'jp-mod-on' : undefined}>{styled}</mark> : styled;
}

interface ILineViewProps {
  readonly line: ITerminalLine;
  readonly kind: LineKind;
  readonly matches: readonly IMatch[];
  /** The match in focus, when it is in this line. */
  readonly focus: IMatch | null;
}

/** The text of one line. */
export const LineView = memo(function LineView({ line, kind, matches, focus }: ILineViewProps) {
  const plain = line.spans.length === 0 && matches.length === 0;
  return (
    <span className={kind === 'plain' ? undefined : `jp-ml-line-${kind}`}>
      {plain
        ? line.text
        : pieces(line, matches).map((piece, i) => (
            <Piece key={i} piece={piece} on={piece.match !== null && piece.match === focus} />
          ))}
      {line.cut > 0 && <span className="jp-ml-line-cut">… {formatSize(line.cut)} more</span>}
    </span>
  );
});
