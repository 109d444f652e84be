import { connect } from 'node:net';

/** Sends bytes, and answers with all that came back until the other side closed. */
export function exchange(url: URL | string, message: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname);
    let heard = '';
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => (heard += text));
    socket.on('error', reject);
    socket.on('close', () => resolve(heard));
    socket.write(message, 'latin1');
  });
}

/** Opens a connection that a test speaks on. */
export function open(url: URL | string): ReturnType<typeof connect> {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname);
}
