/**
 * Whether a client wants an event stream above all else (RFC 9110, section 12.5.1): some accept one for any operation,
 * and want JSON where that will do.
 */
export function prefersEventStream(accept = ''): boolean {
  if (!/text\/event-stream/i.test(accept)) return false;
  const ranges = accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    return { type, weight: weight === undefined ? 1 : Number(weight.slice(2)) };
  });
  const [best] = ranges.sort((a, b) => b.weight - a.weight);
  return best?.type === 'text/event-stream';
}
