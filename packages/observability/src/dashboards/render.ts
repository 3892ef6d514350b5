import {
  type LegendDisplayMode,
  LegendPlacement,
  ReduceDataOptionsBuilder,
  StackingConfigBuilder,
  StackingMode,
  VizLegendOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import {
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  RowBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
} from '@grafana/grafana-foundation-sdk/dashboard';
import { DataqueryBuilder } from '@grafana/grafana-foundation-sdk/prometheus';
import { PanelBuilder as StatBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { PanelBuilder as TimeseriesBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import type { Dashboard, Panel, Query } from './dashboard.ts';

const DATASOURCE = { type: 'prometheus', uid: '$datasource' };
const TAG = 'tributary';
const LINES = { width: 8, height: 8 }; // of the 24 columns of a page
const FIGURE = { width: 4, height: 4 };

/** A dashboard as Grafana reads it: JSON. */
export function renderDashboard(dashboard: Dashboard): string {
  const builder = new DashboardBuilder(dashboard.title)
    .uid(dashboard.uid)
    .description(dashboard.description)
    .tags([TAG])
    .tooltip(DashboardCursorSync.Crosshair)
    .readonly()
    .refresh('30s')
    .time({ from: 'now-1h', to: 'now' })
    .link(new DashboardLinkBuilder('Tributary').type(DashboardLinkType.Dashboards).tags([TAG]).keepTime(true))
    .withVariable(new DatasourceVariableBuilder('datasource').label('Prometheus').type('prometheus'));
  if (dashboard.choosesJob) {
    builder.withVariable(
      new QueryVariableBuilder('job')
        .label('Service')
        .datasource(DATASOURCE)
        .query('label_values(process_start_time_seconds, job)')
        .refresh(VariableRefresh.OnTimeRangeChanged)
        .multi(true)
        .includeAll(true),
    );
  }
  let id = 0;
  for (const { title, panels } of dashboard.rows) {
    id += 1;
    builder.withRow(new RowBuilder(title).id(id));
    for (const panel of panels) {
      id += 1;
      builder.withPanel((panel.kind === 'figure' ? figure(panel) : lines(panel)).id(id));
    }
  }
  return `${JSON.stringify(builder.build(), null, 2)}\n`;
}

function lines({ title, description, kind, unit, queries, bad }: Panel): TimeseriesBuilder {
  const panel = new TimeseriesBuilder()
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .unit(unit)
    .min(0)
    .span(LINES.width)
    .height(LINES.height)
    .fillOpacity(kind === 'areas' ? 30 : 0)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode('list' as LegendDisplayMode)
        .placement(LegendPlacement.Bottom),
    )
    .thresholds(thresholds(bad))
    .targets(queries.map(target));
  if (kind === 'areas') panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal));
  return panel;
}

const figure = ({ title, description, unit, queries, bad }: Panel): StatBuilder =>
  new StatBuilder()
    .title(title)
    .description(description)
    .datasource(DATASOURCE)
    .unit(unit)
    .span(FIGURE.width)
    .height(FIGURE.height)
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']))
    .thresholds(thresholds(bad))
    .targets(queries.map(target));

const target = ({ expr, legend }: Query, index: number): DataqueryBuilder => {
  const query = new DataqueryBuilder()
    .expr(expr)
    .range()
    .refId(String.fromCharCode(65 + index));
  return legend === undefined ? query : query.legendFormat(legend);
};

const thresholds = (bad: number | undefined): ThresholdsConfigBuilder =>
  new ThresholdsConfigBuilder()
    .mode(ThresholdsMode.Absolute)
    .steps([{ value: null, color: 'green' }, ...(bad === undefined ? [] : [{ value: bad, color: 'red' }])]);
