import { Stack, Tabs } from '@mantine/core';
import { useMemo, useState } from 'react';
import { present, useLoaded } from '../../api/live-query.js';
import { useFresh } from '../../api/use-fresh.js';
import { usePaletteActs } from '../../components/palette-acts.js';
import type { Loading, Place } from '../../components/screen.js';
import { useWords } from '../../components/use-words.js';
import { ParallelRunReset } from '../../forms/parallel-run-reset.js';
import { ParallelRunShare } from '../../forms/parallel-run-share.js';
import { ParallelRunStart } from '../../forms/parallel-run-start.js';
import { ParallelRunStop } from '../../forms/parallel-run-stop.js';
import { parallelRun as text } from '../../text/parallel-run.js';
import { oneOf, searchWords, textWord } from '../../util/search-words.js';
import { RunHeader, type RunAct } from './RunHeader.js';
import { runQuery } from './run-query.js';
import { CertificatesTab, loadCertificates } from './tabs/CertificatesTab.js';
import { EvidenceTab } from './tabs/EvidenceTab.js';
import { loadMismatches, MismatchesTab } from './tabs/MismatchesTab.js';
import { RulesTab } from './tabs/RulesTab.js';
import { SettingsTab } from './tabs/SettingsTab.js';

/** How often evidence is asked for: it grows with every report of a service, and no change is told of that. */
const ASK_MS = 5_000;
const TABS = ['evidence', 'mismatches', 'rules', 'certificates', 'settings'] as const;
const words = searchWords({ tab: oneOf(TABS, 'evidence'), pair: textWord() });

export const title = ({ params }: Place<'project' | 'run'>) => params.run;

export const load = ({ params, search, at, fetch }: Loading<'project' | 'run'>) => {
  const place = { ...at, run: params.run };
  return Promise.all([
    fetch(runQuery, place),
    {
      evidence: () => undefined,
      rules: () => undefined,
      settings: () => undefined,
      mismatches: () => loadMismatches(place, fetch),
      certificates: () => loadCertificates(place, fetch),
    }[words.read(search).tab](),
  ]);
};

export function Page({ params, search, at }: Place<'project' | 'run'>) {
  const place = useMemo(() => ({ ...at, run: params.run }), [at, params.run]);
  const run = present(useLoaded(runQuery, place).project?.parallelRun);
  const settings = present(run.settings);
  useFresh(runQuery, place, ASK_MS);
  const [{ tab, pair }, say] = useWords(words, search);
  const candidates = run.standing?.candidates ?? [];
  const candidate = candidates.find((each) => pairOf(each) === pair) ?? candidates.at(-1);
  const [act, setAct] = useState<RunAct>();
  const acts = useMemo(
    () => TABS.map((each) => ({ label: `${params.run}: ${text.tabs[each]}`, run: () => say({ tab: each }) })),
    [params.run, say],
  );
  usePaletteActs(acts);
  const close = (): void => setAct(undefined);

  return (
    <Stack gap="sm">
      <RunHeader
        at={at}
        run={run}
        settings={settings}
        candidate={candidate}
        pairs={candidates.map((each) => ({
          value: pairOf(each),
          label: text.ofCandidate(each.candidate, text.versions(each.controlVersion, each.candidateVersion)),
        }))}
        onPair={(next) => say({ pair: next })}
        onAct={setAct}
      />
      <Tabs
        value={tab}
        onChange={(next) => say({ tab: TABS.find((each) => each === next) ?? 'evidence' })}
        keepMounted={false}
      >
        <Tabs.List aria-label={text.tabs.label}>
          {TABS.map((each) => (
            <Tabs.Tab key={each} value={each}>
              {text.tabs[each]}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value={tab} pt="sm">
          {tab === 'evidence' && <EvidenceTab at={place} settings={settings} candidate={candidate} />}
          {tab === 'mismatches' && (
            <MismatchesTab at={place} search={search} settings={settings} owner={run.owner} candidate={candidate} />
          )}
          {tab === 'rules' && <RulesTab at={place} settings={settings} owner={run.owner} hold={run.hold} />}
          {tab === 'certificates' && <CertificatesTab at={place} />}
          {tab === 'settings' && <SettingsTab at={place} settings={settings} />}
        </Tabs.Panel>
      </Tabs>
      {act === 'start' && <ParallelRunStart at={at} run={run.key} onClose={close} />}
      {act === 'share' && <ParallelRunShare at={at} run={run.key} settings={settings} onClose={close} />}
      {act === 'stop' && <ParallelRunStop at={at} run={run.key} hold={run.hold} onClose={close} />}
      {act === 'reset' && (
        <ParallelRunReset
          at={at}
          run={run.key}
          compared={candidates.reduce((sum, { equivalence }) => sum + equivalence.n, 0)}
          onClose={close}
        />
      )}
    </Stack>
  );
}

/** Tells pairs of versions apart in the URL. */
function pairOf(each: {
  readonly candidate: string;
  readonly controlVersion: string;
  readonly candidateVersion: string;
}): string {
  return [each.candidate, each.controlVersion, each.candidateVersion].join('|');
}
