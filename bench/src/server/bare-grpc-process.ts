/** The floor of gRPC: grpc-js alone, with one method that answers with the bytes its argument holds in base64. */
import { Buffer } from 'node:buffer';
import { Server, ServerCredentials, type sendUnaryData, type ServerUnaryCall } from '@grpc/grpc-js';
import { answerCosts } from '../answer-costs.js';

const [, , path = '', answer = ''] = process.argv;
const bytes = Buffer.from(answer, 'base64');
const asIs = (buffer: Buffer): Buffer => buffer;
const method = {
  path,
  requestStream: false,
  responseStream: false,
  requestSerialize: asIs,
  requestDeserialize: asIs,
  responseSerialize: asIs,
  responseDeserialize: asIs,
} as const;
const server = new Server();
server.addService(
  { method },
  { method: (_call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => callback(null, bytes) },
);
server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  answerCosts();
  process.send?.({ url: `127.0.0.1:${port}` });
});
