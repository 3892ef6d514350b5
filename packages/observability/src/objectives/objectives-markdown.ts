import { OBJECTIVES } from './objectives.ts';

/** The table of the objectives, for docs/operations.md. */
export const objectivesMarkdown = (): string => {
  const rows = OBJECTIVES.map(
    ({ title, target, bad }) => `| ${title} | ${Number((target * 100).toFixed(4))}% | ${bad} |`,
  );
  return `| Objective | Good in 30 days | Bad are |\n| --- | --- | --- |\n${rows.join('\n')}`;
};
