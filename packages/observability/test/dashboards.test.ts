import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { DASHBOARDS } from '@tributary/observability';

const FOLDER = fileURLToPath(new URL('../../../deploy/grafana/dashboards', import.meta.url));

interface RenderedPanel {
  id: number;
  type: string;
  title: string;
  description?: string;
  datasource?: { uid: string };
  gridPos: { x: number; y: number; w: number; h: number };
  targets?: { expr: string; refId: string }[];
}

describe.each(DASHBOARDS)('$title', ({ uid, rows, choosesJob }) => {
  const rendered = JSON.parse(readFileSync(join(FOLDER, `${uid}.json`), 'utf8'));
  const panels: RenderedPanel[] = rendered.panels;
  const shown = panels.filter(({ type }) => type !== 'row');

  it('has every panel that is written, with what it is for', () => {
    expect(rendered.uid).toBe(uid);
    expect(shown.map(({ title }) => title)).toEqual(
      rows.flatMap((row) => row.panels.map(({ title }) => title)),
    );
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    for (const { description, targets = [], datasource } of shown) {
      expect(description).toMatch(/\.$/);
      expect(datasource?.uid).toBe('$datasource');
      expect(targets.length).toBeGreaterThan(0);
      expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    }
  });

  it('lays panels where none is over another, or over the edge', () => {
    const taken = new Set<string>();
    for (const { gridPos } of panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken.has(`${x},${y}`)).toBe(false);
          taken.add(`${x},${y}`);
        }
      }
    }
  });

  it('uses variables that it has', () => {
    const variables = rendered.templating.list.map(({ name }: { name: string }) => name);
    expect(variables).toEqual(choosesJob ? ['datasource', 'job'] : ['datasource']);
    const used = [...JSON.stringify(shown).matchAll(/\$([a-z]\w*)/g)].map(([, name]) => name);
    expect(variables).toEqual(expect.arrayContaining([...new Set(used)]));
  });
});
