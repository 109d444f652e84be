import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeWebhooks } from '../../test/contracts/webhooks-contract.js';

describe('WebhooksRepository and WebhookQueueRepository', () => onEachDatabase(describeWebhooks));
