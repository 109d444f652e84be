import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeTrafficFollower } from '../../test/contracts/traffic-follower-contract.js';

describe('TrafficFollower', () => onEachDatabase(describeTrafficFollower));
