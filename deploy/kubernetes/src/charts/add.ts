import { ApiObject, type Chart } from 'cdk8s';

/** Any object of the Kubernetes API, or of an extension of it. */
export interface Manifest {
  apiVersion?: string;
  kind?: string;
  metadata?: { name?: string; labels?: object; annotations?: object };
}

/** Adds objects to a chart as they are; the types of `kubernetes-models` say what they may have. */
export function add(chart: Chart, ...manifests: readonly Manifest[]): void {
  for (const manifest of manifests) {
    const { apiVersion = '', kind = '', metadata = {} } = manifest;
    new ApiObject(chart, `${kind}-${metadata.name}`, {
      ...manifest,
      apiVersion,
      kind,
      metadata: { ...metadata } as { name: string },
    });
  }
}
