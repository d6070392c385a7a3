import React, { memo } from 'react';
import { trans } from '../../model/language';
import { formatSize } from '../../model/format';
import { parseFrame, type LineKind } from './kinds';
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

/** Shows a line of a source file: the path as the traceback has it. */
export type FrameLink = (path: string, line: number) => void;

/** A frame of a traceback, its file and line a link to the source. */
function Frame({ text, onFrame }: { text: string; onFrame: FrameLink }): React.JSX.Element {
  const frame = parseFrame(text);
  const from = frame ? text.indexOf(frame.path) : -1;
  if (!frame || from < 0) {
    return <>{text}</>;
  }
  const to = from + frame.path.length;
  return (
    <>
      {text.slice(0, from)}
      <button
        type="button"
        className="jp-ml-btn jp-ml-btn-link jp-ml-log-link"
        onClick={() => onFrame(frame.path, frame.line)}
      >
        {text.slice(from, to)}
      </button>
      {text.slice(to)}
    </>
  );
}

interface ILineViewProps {
  readonly line: ITerminalLine;
  readonly kind: LineKind;
  readonly matches: readonly IMatch[];
  /** The match in focus, when it is in this line. */
  readonly focus: IMatch | null;
  /** Makes a traceback's frame a link. */
  readonly onFrame?: FrameLink;
}

/** The text of one line. */
export const LineView = memo(function LineView(props: ILineViewProps) {
  const { line, kind, matches, focus, onFrame } = props;
  const plain = line.spans.length === 0 && matches.length === 0;
  return (
    <span className={kind === 'plain' ? undefined : `jp-ml-line-${kind}`}>
      {plain && onFrame && <Frame text={line.text} onFrame={onFrame} />}
      {plain
        ? !onFrame && line.text
        : pieces(line, matches).map((piece, i) => (
            <Piece key={i} piece={piece} on={piece.match !== null && piece.match === focus} />
          ))}
      {line.cut > 0 && (
        <span className="jp-ml-line-cut">{trans.__('… %1 more', formatSize(line.cut))}</span>
      )}
    </span>
  );
});
