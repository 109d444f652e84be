import { describe } from '@jest/globals';
import { onEachDatabase } from '../../test/contracts/databases.js';
import { describeProjects } from '../../test/contracts/projects-contract.js';

describe('ProjectsRepository', () => onEachDatabase(describeProjects));
