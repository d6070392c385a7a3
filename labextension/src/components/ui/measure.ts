let context: CanvasRenderingContext2D | null | undefined;

/** Width of text in a CSS font, in px; 0 where there is no canvas (then nothing is known, and nothing is cut). */
export function measureText(text: string, font: string): number {
  if (context === undefined) {
    context = document.createElement('canvas').getContext('2d');
  }
  if (!context) {
    return 0;
  }
  context.font = font;
  return context.measureText(text).width;
}
