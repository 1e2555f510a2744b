/** What the benchmark prints. */

export function showHeader(log, machine) {
  const { date, system, kernel, cpu, cores, memoryGb, node, user, load, builders, missing } = machine;
  log(
    `${date}, ${system}, Linux ${kernel}, ${cores} cores (${cpu}), ${memoryGb} GB, Node.js ${node}, ${user}, load ${load}`,
  );
  log(
    `builders: ${Object.entries(builders)
      .map((each) => each.join(' '))
      .join(', ')}`,
  );
  if (missing.length > 0) log(`left out, since they are not there: ${missing.join(', ')}`);
  log('');
}

/** One line as soon as a case is done. */
export function showCase(log, { title, unit, participants }) {
  const shown = participants.map(({ name, median, failure }) => `${name} ${failure ? 'failed' : figure(median, unit)}`);
  log(`${title}: ${shown.join(', ')}`);
}

/** The whole table, as Markdown. */
export function showTable(log, results) {
  if (results.length === 0) return;
  const names = [...new Set(results.flatMap(({ participants }) => participants.map(({ name }) => name)))];
  log(`\n| workload | ${names.join(' | ')} | ratio to docker | goal |`);
  log(`|---|${names.map(() => '---:|').join('')}---:|---|`);
  for (const { title, unit, participants, goals } of results) {
    const cells = names.map((name) =>
      cell(
        participants.find((each) => each.name === name),
        unit,
      ),
    );
    log(`| ${title} | ${cells.join(' | ')} | ${ratio(participants)} | ${goals.map(goalText).join(', ')} |`);
  }
}

function cell(participant, unit) {
  if (!participant) return '';
  if (participant.failure) return 'failed';
  const { median, min, max } = participant;
  return `${figure(median, unit)} (${figure(min, unit)}–${figure(max, unit)})`;
}

function ratio(participants) {
  const docker = participants.find(({ name }) => name === 'docker');
  return docker?.median && participants[0]?.median ? (participants[0].median / docker.median).toFixed(2) : '';
}

function goalText({ against, ratio: wanted, difference, absolute, value, isMet }) {
  const mark = isMet === undefined ? 'not measured' : isMet ? 'met' : 'missed';
  if (absolute !== undefined) return `≤ ${absolute}: ${mark}`;
  if (difference !== undefined)
    return `≤ ${against} + ${difference * 1000} ms: ${mark}${by(value, (v) => `${Math.round(v * 1000)} ms`)}`;
  return `≤ ${wanted} of ${against}: ${mark}${by(value, (v) => v.toFixed(2))}`;
}

function by(value, text) {
  return value === undefined ? '' : ` (${text(value)})`;
}

/** How the cost grows as the work doubles: rows of points. */
export function showGrowth(log, curves) {
  if (curves.length === 0) return;
  log('\n| what doubles | size: seconds (× when doubled) |');
  log('|---|---|');
  for (const { title, points } of curves) {
    const shown = points.map(({ size, seconds }, index) => {
      const before = points[index - 1];
      return `${size}: ${seconds.toFixed(2)}${before ? ` (× ${(seconds / before.seconds).toFixed(2)})` : ''}`;
    });
    log(`| ${title} | ${shown.join(', ')} |`);
  }
}

function figure(value, unit) {
  if (value === undefined) return '-';
  if (unit === 'MB') return `${Math.round(value)} MB`;
  return value < 1 ? `${Math.round(value * 1000)} ms` : `${value.toFixed(2)} s`;
}
