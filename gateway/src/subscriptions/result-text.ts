const AFTER = Buffer.from('}');
const BEFORE_EVENT = Buffer.from('event: next\ndata: ');
const AFTER_EVENT = Buffer.from('\n\n');

/** One result of an operation as JSON text, whose bytes are made once for all who get it. */
export class ResultText {
  readonly text: string;
  #message: Buffer | undefined;
  #event: Buffer | undefined;

  /** @param text - JSON; blanks around it do not matter */
  constructor(text: string) {
    this.text = text.trim();
  }

  /** The end of a `next` message of `graphql-transport-ws`, from the payload on. */
  get messageEnd(): Buffer {
    this.#message ??= Buffer.concat([Buffer.from(this.text), AFTER]);
    return this.#message;
  }

  /** A `next` event of GraphQL over SSE. */
  get event(): Buffer {
    this.#event ??= Buffer.concat([BEFORE_EVENT, Buffer.from(this.text), AFTER_EVENT]);
    return this.#event;
  }
}
