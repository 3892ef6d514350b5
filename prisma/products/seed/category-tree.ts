import { categoryId } from '../../seed/ids.ts';
import { slugOf } from '../../seed/text.ts';
import type { CategoryRow } from './tables.ts';
import { CLOTHING } from './vocabulary/clothing.ts';
import type { CategoryVocabulary, Department } from './vocabulary/department.ts';
import { ELECTRONICS } from './vocabulary/electronics.ts';
import { HOME } from './vocabulary/home.ts';
import { OUTDOORS } from './vocabulary/outdoors.ts';

/** A category that products are in, and the words for them. */
export interface Leaf {
  category: CategoryRow;
  words: CategoryVocabulary;
  department: Department;
}

/** The shop's categories: four departments, then the nine categories of each. The same at every scale. */
export const CATEGORIES: CategoryRow[] = [];

/** The categories without children. */
export const LEAVES: Leaf[] = [];

const departments = [HOME, CLOTHING, ELECTRONICS, OUTDOORS].map((department) => ({
  department,
  row: add(department.name, null),
}));
for (const { department, row } of departments) {
  for (const words of department.categories) {
    LEAVES.push({ category: add(words.name, row.id), words, department });
  }
}

function add(name: string, parentId: string | null): CategoryRow {
  const row = { id: categoryId(CATEGORIES.length), slug: slugOf(name), name, parentId };
  CATEGORIES.push(row);
  return row;
}
