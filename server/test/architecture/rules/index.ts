import type { Rule } from '../violation.js';
import { environmentIsReadOnce } from './environment.js';
import { foldersAreKnown, importsGoLeft, modulesMeetAtTheirIndex } from './layers.js';
import { exportsAreNamed, filesAreNamedForTheirExport, interfacesHaveNoPrefix, wordsAreUnions } from './names.js';
import { routesDeclareTheirPermission } from './permissions.js';
import { evaluationStandsAlone, pureFilesAskNoAmbience, pureFilesImportPureFiles } from './purity.js';
import { callsGoOneHopDown, databaseStaysBelowServices, prismaStaysInRepositories } from './roles.js';

/** STYLE.md's dependency rules and names, each by the sentence its check proves. */
export const rules = {
  'folders have a place in the layer order': foldersAreKnown,
  'imports go left': importsGoLeft,
  'modules meet at their index': modulesMeetAtTheirIndex,
  'pure files import pure files': pureFilesImportPureFiles,
  'pure files ask no ambience': pureFilesAskNoAmbience,
  'the evaluator stands alone': evaluationStandsAlone,
  'calls go one hop down': callsGoOneHopDown,
  'the database stays below services': databaseStaysBelowServices,
  'Prisma stays in repositories': prismaStaysInRepositories,
  'routes declare their permission': routesDeclareTheirPermission,
  'the environment is read once': environmentIsReadOnce,
  'files are named for their export': filesAreNamedForTheirExport,
  'exports are named': exportsAreNamed,
  'words are unions, not enums': wordsAreUnions,
  'interfaces have no prefix': interfacesHaveNoPrefix,
} satisfies Record<string, Rule>;

export type RuleName = keyof typeof rules;
