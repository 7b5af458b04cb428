// The parts of ECharts that the charts use, bundled by esbuild into
// echarts.min.js: the whole library is twice as large, and every page with a
// chart holds it. See package.json.
export { init, registerMap, getInstanceByDom } from "echarts/core";
import { use } from "echarts/core";
import { BarChart, LineChart, MapChart, SankeyChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendPlainComponent, TooltipComponent, VisualMapContinuousComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
import { LabelLayout } from "echarts/features";

use([BarChart, LineChart, MapChart, SankeyChart, AriaComponent, GridComponent, LegendPlainComponent, TooltipComponent,
  VisualMapContinuousComponent, SVGRenderer, LabelLayout]);
