import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { KubernetesObject } from './cluster.ts';

/** The package with the models of an API group's objects. */
function modelsOf({ apiVersion }: KubernetesObject): string {
  if (apiVersion.startsWith('monitoring.coreos.com/'))
    return `@kubernetes-models/prometheus-operator/${apiVersion}`;
  if (apiVersion.startsWith('external-secrets.io/'))
    return '@kubernetes-models/external-secrets/external-secrets.io/v1beta1';
  return `kubernetes-models/${apiVersion}`;
}

/** What is the same in v1, which no package has for Node 20: v1 only dropped what v1beta1 had beside it. */
const asModelled = (object: KubernetesObject): KubernetesObject =>
  object.apiVersion === 'external-secrets.io/v1'
    ? { ...object, apiVersion: 'external-secrets.io/v1beta1' }
    : object;

interface Model {
  validate(): void;
}

/** Validates an object by the JSON schema of its kind. @throws Error with what is wrong */
export async function validate(object: KubernetesObject): Promise<void> {
  const models = (await import(modelsOf(object))) as Record<string, new (data: object) => Model>;
  const ModelOfKind = models[object.kind];
  if (!ModelOfKind) throw new Error(`${object.apiVersion} has no ${object.kind}`);
  new ModelOfKind(asModelled(object)).validate();
}

const CHECKED = fileURLToPath(new URL('checked-objects.ts', import.meta.url));

/**
 * Finds fields that do not exist. The schemas let those pass, the API refuses them; the types that are made from the same
 * schemas tell, when each object is written as TypeScript.
 *
 * @returns a line for each
 */
export function unknownFields(objects: readonly KubernetesObject[]): string[] {
  const text = objects
    .map(asModelled)
    .map(
      (object, index) =>
        `export const _${index}: import('${modelsOf(object)}').I${object.kind} = ${JSON.stringify(object)};`,
    )
    .join('\n');
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    target: ts.ScriptTarget.ES2023,
    lib: ['lib.es2023.d.ts'],
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === CHECKED || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === CHECKED ? ts.createSourceFile(name, text, ts.ScriptTarget.ES2023) : getSourceFile(name, ...rest);
  const program = ts.createProgram([CHECKED], options, host);
  return ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
