import type { AddressInfo } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** A mail server that keeps what it is sent. */
export interface MailServer {
  url: string;
  /** Whole letters, with who they were for, in the order in which they came. */
  letters: { to: string[]; source: string }[];
  /** Refuses so many letters from now on, to be tried again. */
  refuseNext(count: number): void;
  /** Refuses letters to an address, as one that is nobody's; undefined for none. */
  refuseTo(address: string | undefined): void;
  close(): Promise<void>;
}

export async function startMailServer(): Promise<MailServer> {
  const letters: MailServer['letters'] = [];
  let refusals = 0;
  let nobody: string | undefined;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onRcptTo({ address }, _session, done) {
      if (address !== nobody) return done();
      const message = `5.1.1 <${address}>: Recipient address rejected: User unknown`;
      done(Object.assign(new Error(message), { responseCode: 550 }));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (refusals > 0) {
          refusals -= 1;
          return done(Object.assign(new Error('Greylisted, try again later'), { responseCode: 451 }));
        }
        letters.push({
          to: session.envelope.rcptTo.map(({ address }) => address),
          source: Buffer.concat(chunks).toString(),
        });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    letters,
    refuseNext(count) {
      refusals = count;
    },
    refuseTo(address) {
      nobody = address;
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
