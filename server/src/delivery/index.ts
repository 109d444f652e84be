export { DeliveryModule } from './delivery.module.js';
export { OFREP_FLAG_PREFIX, refuseOfrepUrl } from './ofrep-reply.provider.js';
