import type { IIngress } from 'kubernetes-models/networking.k8s.io/v1';
import { PART_OF } from '../pods/labels.ts';
import type { Service } from '../services/service.ts';
import type { Values } from '../values/schema.ts';

/** The public address: GraphQL of the gateway, and what a service has said to be public. */
export const ingress = (values: Values, services: readonly Service[]): IIngress => {
  const { host, class: ingressClassName, tlsSecret, annotations } = values.ingress;
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'tributary', labels: { ...PART_OF }, annotations },
    spec: {
      ingressClassName,
      ...(tlsSecret !== undefined && { tls: [{ hosts: [host], secretName: tlsSecret }] }),
      rules: [
        {
          host,
          http: {
            paths: services.flatMap(({ name, publicPaths }) =>
              publicPaths.map((path) => ({
                ...path,
                backend: { service: { name, port: { name: 'http' } } },
              })),
            ),
          },
        },
      ],
    },
  };
};
