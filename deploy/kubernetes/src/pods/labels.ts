/** What a pod is for. */
export type Component = 'gateway' | 'api' | 'worker' | 'migration';

/** Of every object. */
export const PART_OF = { 'app.kubernetes.io/part-of': 'tributary' } as const;

/** Which pods a Deployment, a Service, a budget and a policy mean; these labels of a Deployment can never change. */
export const selectorOf = (name: string, component: Component): Record<string, string> => ({
  ...PART_OF,
  'app.kubernetes.io/name': name,
  'app.kubernetes.io/component': component,
});
