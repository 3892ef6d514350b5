import { isObject } from '../../execution/plan/objects.ts';

/**
 * Headers that a client put into the payload of `connection_init`, because a browser cannot put them on the upgrade:
 * at its top, as most do, or under `headers`.
 *
 * @param names - lower-case
 */
export function headersIn(payload: unknown, names: readonly string[]): Record<string, string> {
  if (!isObject(payload)) return {};
  const nested = isObject(payload.headers) ? payload.headers : {};
  const given = [...Object.entries(nested), ...Object.entries(payload)];
  return Object.fromEntries(
    given.flatMap(([name, value]) => {
      const lower = name.toLowerCase();
      return names.includes(lower) && typeof value === 'string' ? [[lower, value]] : [];
    }),
  );
}
