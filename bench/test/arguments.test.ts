import { describe, expect, it } from '@jest/globals';
import { readArguments } from '../src/arguments.ts';
import { benches } from '../src/benches/index.ts';
import { runBench } from './support/run-bench.ts';

describe('the arguments', () => {
  it('have defaults', () => {
    expect(readArguments(['graph'])).toEqual({
      name: 'graph',
      bench: benches.graph,
      seconds: 5,
      rounds: 3,
      scale: 1,
      peers: null,
      scenarios: null,
      profileDir: null,
      json: null,
      chart: null,
    });
  });

  it('are understood', () => {
    const args = [
      '--json',
      'out.json',
      'graph',
      '--seconds=0.5',
      '--rounds',
      '7',
      '--scale',
      '10',
      '--profile',
      'p',
    ];
    expect(readArguments(args)).toMatchObject({
      json: 'out.json',
      seconds: 0.5,
      rounds: 7,
      scale: 10,
      profileDir: 'p',
    });
  });

  it.each([['--help'], ['-h']])('%s asks for help', (option) => {
    expect(readArguments([option])).toBeNull();
  });

  it.each([
    [[], 'name one benchmark: gateway, graph, checkout, subscriptions, cache, abuse'],
    [['graph', 'graph'], 'name one benchmark: gateway, graph, checkout, subscriptions, cache, abuse'],
    [['speed'], 'there is no benchmark "speed", only: gateway, graph, checkout, subscriptions, cache, abuse'],
    [['constructor'], 'there is no benchmark "constructor"'],
    [['graph', '--rounds', '0'], '--rounds: must be a number from 1'],
    [['graph', '--rounds', '1.5'], '--rounds: must be a whole number'],
    [['graph', '--seconds', 'five'], '--seconds: must be a number from 0.1'],
    [['graph', '--seconds', ''], '--seconds: must be a number'],
    [['graph', '--scale', '0x10'], '--scale: must be a number'],
    [['graph', '--json'], "Option '--json <value>' argument missing"],
    [['graph', '--peers', 'apollo'], '--peers: graph has none to choose from'],
    [['gateway', '--peers', 'apollo,constructor'], '--peers: there is no "constructor", only: apollo, '],
    [['gateway', '--scenarios', ''], '--scenarios: there is no "", only: deep query, '],
    [['graph', '--fast'], "Unknown option '--fast'"],
  ])('%j are refused in one line', (args, message) => {
    expect(() => readArguments(args)).toThrow(message);
    expect(() => readArguments(args)).toThrow(/^[^\n]*$/);
  });
});

it('a benchmark that does not exist: one line, exit code 1', async () => {
  expect(await runBench(['speed'])).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'there is no benchmark "speed", only: gateway, graph, checkout, subscriptions, cache, abuse, overload, tracing; see --help\n',
  });
});

it('a benchmark’s peers and scenarios can be chosen', () => {
  const args = ['gateway', '--peers', 'floor, apollo', '--scenarios=small query'];
  expect(readArguments(args)).toMatchObject({ peers: ['floor', 'apollo'], scenarios: ['small query'] });
});

it('a file that cannot be written is refused before anything is measured', async () => {
  expect(await runBench(['graph', '--json', 'no/such/folder/out.json'])).toEqual({
    code: 1,
    stdout: '',
    stderr: '--json: no/such/folder/out.json cannot be written\n',
  });
});
