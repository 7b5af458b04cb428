// Draws the page's chart; all that it shows is worked out before.
"use strict";
{
  const json = id => JSON.parse(document.getElementById(id)?.textContent ?? "null");
  const option = json("chart-option"), outlines = json("chart-outlines");
  const box = document.getElementById("chart");
  document.getElementById("chart-figure").hidden = false;
  const figures = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: Number(box.dataset.decimals), useGrouping: "always" });
  const write = v => typeof v === "number" && !Number.isNaN(v) ? figures.format(v) : "..";
  option.tooltip.valueFormatter = write;
  for (const axis of [option.xAxis, option.yAxis]) if (axis?.type === "value") axis.axisLabel.formatter = write;
  if (option.visualMap) option.visualMap.formatter = write;
  for (const s of option.series) {
    if (s.type !== "sankey") continue; // a State is there twice: its name is no key
    s.label.formatter = p => p.data.text;
    option.tooltip.formatter = p => `${p.data.text}: ${write(p.value)}`;
  }
  if (outlines) echarts.registerMap("americas", outlines);
  const chart = echarts.init(box, null, { renderer: "svg" });
  chart.setOption(option);
  const fit = () => chart.resize();
  addEventListener("resize", fit);
  addEventListener("beforeprint", () => chart.resize({ width: 680 })); // the width of a page
  addEventListener("afterprint", () => chart.resize({ width: "auto" }));
}
