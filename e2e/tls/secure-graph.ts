import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { type Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { connect } from 'node:tls';
import { type Answer, type Certificate, createCertificate } from '@tributary/testing';
import { type Graph, startGraph } from '../support/start-graph.ts';

/** A graph in which everybody speaks TLS, and services show each other certificates. */
export interface SecureGraph extends Graph {
  /** What clients of the gateway trust, PEM: its first certificate, and the one that may follow. */
  trusted: string;
  /** The certificates that gateway and subgraphs begin with, and those that may follow. */
  certificates: Record<'gateway' | 'nextGateway' | 'subgraphs' | 'nextSubgraphs', Certificate>;
  /** Puts other files in the place of those that a service serves with. */
  renew(service: 'gateway' | 'subgraphs', certificate: Certificate): Promise<void>;
  /** Asks the gateway with connections of one's own. @throws when there is an error of any kind */
  askWith(agent: Agent | false, query: string): Promise<unknown>;
}

/** Starts it, with files in a folder of its own. */
export async function startSecureGraph(): Promise<SecureGraph> {
  const folder = await mkdtemp(join(tmpdir(), 'tributary-tls-'));
  const at = (name: string) => join(folder, name);
  const renew: SecureGraph['renew'] = async (service, { cert, key }) => {
    await writeFile(at(`${service}.pem`), cert);
    await writeFile(at(`${service}.key`), key);
  };
  const certificates = {
    gateway: createCertificate(),
    nextGateway: createCertificate(),
    subgraphs: createCertificate(),
    nextSubgraphs: createCertificate(),
  };
  const services = createCertificate();
  await renew('gateway', certificates.gateway);
  await renew('subgraphs', certificates.subgraphs);
  await writeFile(at('services.pem'), services.cert);
  await writeFile(at('services.key'), services.key);
  await writeFile(at('authorities.pem'), certificates.subgraphs.cert + certificates.nextSubgraphs.cert);
  const served = (service: string) => ({
    TLS_CERT_FILE: at(`${service}.pem`),
    TLS_KEY_FILE: at(`${service}.key`),
  });
  const asked = {
    SUBGRAPH_CA_FILE: at('authorities.pem'),
    SUBGRAPH_CERT_FILE: at('services.pem'),
    SUBGRAPH_KEY_FILE: at('services.key'),
  };
  const graph = await startGraph({
    gateway: { ...served('gateway'), ...asked, GATEWAY_CONFIG: undefined },
    subgraphs: { ...served('subgraphs'), ...asked, TLS_CLIENT_CA_FILE: at('services.pem') },
  });
  const trusted = certificates.gateway.cert + certificates.nextGateway.cert;

  async function post<Data>(query: string, variables: object, headers: object, agent: Agent | false) {
    const body = JSON.stringify({ query, variables });
    const sent = request(`${graph.gateway.url}/graphql`, {
      method: 'POST',
      ca: trusted,
      agent,
      headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), ...headers },
    });
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const answer = JSON.parse(await text(response)) as Pick<Answer<Data>, 'data' | 'errors'>;
    return { ...answer, status: Number(response.statusCode), headers: new Headers() };
  }

  return {
    ...graph,
    trusted,
    certificates,
    renew,
    ask: async (query, { variables = {}, viewer = 'anonymous', headers = {} } = {}) =>
      post(query, variables, { ...(await graph.authorization(viewer)), ...headers }, false),
    async askWith(agent, query) {
      const { data, errors, status } = await post(query, {}, {}, agent);
      if (status !== 200 || errors) throw new Error(`HTTP ${status}: ${JSON.stringify(errors)}`);
      return data;
    },
    async stop() {
      await graph.stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** The certificate that a server shows to who connects now, as PEM. @param client - what the server is shown */
export async function certificateOf(url: string, client?: Certificate): Promise<string | undefined> {
  const { hostname: host, port } = new URL(url);
  const socket = connect({ host, port: Number(port), rejectUnauthorized: false, ...client });
  await once(socket, 'secureConnect');
  const certificate = socket.getPeerX509Certificate()?.toString();
  socket.destroy();
  return certificate;
}
