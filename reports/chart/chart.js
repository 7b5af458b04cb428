// Draws the page's chart; all that it shows is worked out before.
"use strict";
{
  const json = id => JSON.parse(document.getElementById(id)?.textContent ?? "null");
  const option = json("chart-option"), outlines = json("chart-outlines");
  const box = document.getElementById("chart");
  document.getElementById("chart-figure").hidden = false;
  const decimals = Number(box.dataset.decimals);
  const writer = minimum => {
    const figures = new Intl.NumberFormat(document.documentElement.lang, { minimumFractionDigits: minimum, maximumFractionDigits: decimals, useGrouping: "always" });
    return v => typeof v === "number" && !Number.isNaN(v) ? figures.format(v) : "..";
  };
  const write = writer(decimals), short = writer(0); // as the table writes it, and a round number on an axis
  option.tooltip.valueFormatter = write;
  for (const axis of [option.xAxis, option.yAxis]) if (axis?.type === "value") axis.axisLabel.formatter = short;
  if (option.visualMap) {
    option.visualMap.formatter = write;
    const [unit] = option.visualMap.text;
    option.visualMap.text = [`${write(option.visualMap.max)} ${unit}`, short(0)];
  }
  for (const s of option.series) {
    if (s.type === "bar" && s.label) s.label.formatter = p => write(p.value);
    if (s.type !== "sankey" && s.type !== "map") continue; // there the name is a key, and a State of no interest has no text
    option.tooltip.formatter = p => p.data?.text ? `${p.data.text}: ${write(p.value)}` : "";
    if (s.type === "map") continue;
    s.label.formatter = p => p.data.text;
    s.edgeLabel.formatter = p => write(p.value);
  }
  if (outlines) {
    echarts.registerMap("americas", outlines);
    echarts.registerMap("islands", { ...outlines, features: outlines.features.filter(f => f.properties.small) });
  }
  const chart = echarts.init(box, null, { renderer: "svg" });
  chart.setOption(option);
  const fit = width => {
    chart.resize({ width });
    chart.getZr().flush(); // now, not with the next frame: a printer waits for none
  };
  addEventListener("resize", () => fit("auto"));
  addEventListener("beforeprint", () => fit(680)); // the width of a page
  addEventListener("afterprint", () => fit("auto"));
}
