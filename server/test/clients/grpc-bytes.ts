import { Client, credentials, Metadata, type StatusObject } from '@grpc/grpc-js';

/** How a call ended that a test made of bytes. */
export interface Ending extends Pick<StatusObject, 'code' | 'details'> {
  readonly answers: readonly Buffer[];
}

const asTheyAre = (bytes: Buffer): Buffer => bytes;

/** A client that sends what a test gives it, be it a message or not. */
export class GrpcBytes {
  private readonly client: Client;

  constructor(address: string) {
    this.client = new Client(address, credentials.createInsecure());
  }

  /**
   * Sends messages to a method of any kind and hears how the call ends; a call that the server would not end is
   * cancelled at its first answer and counts as one that went well.
   */
  send(
    path: string,
    messages: readonly Uint8Array[],
    { headers = {}, isEndless = false }: { headers?: Readonly<Record<string, string>>; isEndless?: boolean } = {},
  ): Promise<Ending> {
    const metadata = new Metadata();
    for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
    const call = this.client.makeBidiStreamRequest(path, asTheyAre, asTheyAre, metadata);
    const answers: Buffer[] = [];
    // The status says as much.
    call.on('error', () => undefined);
    for (const message of messages) call.write(Buffer.from(message));
    call.end();
    return new Promise((resolve) => {
      call.on('data', (answer: Buffer) => {
        answers.push(answer);
        if (!isEndless) return;
        resolve({ code: 0, details: '', answers });
        call.cancel();
      });
      call.on('status', ({ code, details }: StatusObject) => resolve({ code, details, answers }));
    });
  }

  close(): void {
    this.client.close();
  }
}
