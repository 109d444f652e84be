import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeWebhookDispatcher } from '../../test/contracts/webhooks-contract.js';

describe('WebhookDispatcher', () => onEachDatabase(describeWebhookDispatcher));
