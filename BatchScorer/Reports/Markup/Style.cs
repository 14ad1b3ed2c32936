namespace BatchScorer.Reports.Markup;

/// <summary>How pages look: light or dark as the reader's system is, in a column that fits a phone.</summary>
internal static class Style
{
    /// <remarks>Colours of text have a contrast of 4.5 at least to what is behind them, those of figures 3, in both schemes.</remarks>
    public static Html Sheet { get; } = Html.Of(
        $$"""
        <style>
        :root { color-scheme: light dark; --ink: #1b1f24; --soft: #545d68; --paper: #ffffff; --panel: #f4f6f8; --line: #d5dbe1; --now: #0b5cad; --before: #9a4b00; --good: #17693a; --bad: #b3261e; --warn: #7a5200 }
        @media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #a3adb8; --paper: #0e1318; --panel: #171d24; --line: #343c46; --now: #6cb6ff; --before: #f0a94b; --good: #5ecb82; --bad: #ff8f85; --warn: #e6b84a } }
        * { box-sizing: border-box }
        body { margin: 0 auto; padding: 1rem 1rem 3rem; max-width: 70rem; background: var(--paper); color: var(--ink); font: 16px/1.45 system-ui, sans-serif; overflow-wrap: break-word }
        a { color: var(--now) }
        h1 { font-size: 1.6rem; line-height: 1.2; margin: .5rem 0 }
        h2 { font-size: 1.2rem; margin: 2.2rem 0 .6rem; padding-top: .8rem; border-top: 1px solid var(--line) }
        h3 { font-size: 1rem; margin: 0 0 .3rem }
        p { margin: .4rem 0; max-width: 46rem }
        p.soft, caption, figcaption, footer, .soft { color: var(--soft) }
        footer { margin-top: 3rem; font-size: .85rem }
        code, .hash { font-family: ui-monospace, monospace; font-size: .88em }
        .state { display: inline-block; border: 1px solid currentColor; border-radius: 1rem; padding: 0 .6rem; font-size: .85rem; font-weight: 600; white-space: nowrap; vertical-align: .12em }
        .good { color: var(--good) } .bad { color: var(--bad) } .warn { color: var(--warn) }
        .fault { border-left: .3rem solid var(--bad); background: var(--panel); padding: .6rem .9rem; white-space: pre-line }
        dd, .fault, .hash, .text, .lane > span { overflow-wrap: anywhere } .text { min-width: 7rem }
        dl { margin: .8rem 0 } dt { color: var(--soft); font-size: .85rem } dd { margin: 0 }
        .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(8.5rem, 1fr)); gap: .6rem }
        .tiles > div { background: var(--panel); border-radius: .4rem; padding: .5rem .8rem }
        .tiles dd { font-size: 1.3rem; font-weight: 600; font-variant-numeric: tabular-nums }
        .facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(20rem, 100%), 1fr)); gap: .5rem 1.5rem }
        table { border-collapse: collapse; width: 100%; margin: .5rem 0; font-size: .93rem; font-variant-numeric: tabular-nums }
        caption { text-align: left; font-size: .85rem; padding-bottom: .3rem }
        th, td { text-align: left; vertical-align: top; padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line) }
        thead th { color: var(--soft); font-weight: 500; font-size: .85rem; overflow-wrap: normal }
        tbody th { font-weight: 600 }
        .figure { text-align: right }
        .figure, time, .slot { white-space: nowrap }
        .plain { font-weight: 400 }
        progress { width: 100%; height: .9rem; accent-color: var(--now) }
        .bar { display: block; min-width: 6rem; height: .8rem; background: var(--panel); border: 1px solid var(--line) }
        .bar > i { display: block; height: 100%; background: var(--now) }
        .bar.before > i { background: repeating-linear-gradient(45deg, var(--before) 0 3px, transparent 3px 6px) }
        figure { margin: 1rem 0 }
        figcaption { font-size: .85rem }
        svg { display: block; width: 100%; overflow: hidden }
        .lane { display: grid; grid-template-columns: 14rem 1fr; align-items: end; column-gap: .8rem }
        .lane > span { font-size: .8rem; color: var(--soft); padding-bottom: .2rem }
        .lane svg { border-bottom: 1px solid var(--line) }
        .axis { display: flex; justify-content: space-between; gap: 1rem; font-size: .8rem; color: var(--soft); font-variant-numeric: tabular-nums }
        .lane + .axis { margin-left: 14.8rem }
        .legend { display: flex; flex-wrap: wrap; gap: .2rem 1.2rem; padding: 0; margin: .5rem 0; list-style: none; font-size: .85rem }
        .legend svg { display: inline-block; width: 2.2rem; vertical-align: -.35rem; margin-right: .3rem }
        .done { fill: var(--now); stroke: var(--paper) } .failed { fill: url(#failed); stroke: var(--bad) } .died { fill: url(#died); stroke: var(--bad); stroke-dasharray: 4 3 }
        .stopped { fill: none; stroke: var(--warn) } .split { fill: url(#split); stroke: var(--soft) } .underway { fill: none; stroke: var(--now); stroke-dasharray: 2 3 } .idle { fill: url(#idle) }
        .mark { fill: var(--ink); font: 600 11px system-ui, sans-serif; text-anchor: middle }
        .now { fill: var(--now); stroke: var(--paper); stroke-width: 1; vector-effect: non-scaling-stroke }
        .then { fill: none; stroke: var(--before); stroke-width: 2; stroke-dasharray: 5 3; vector-effect: non-scaling-stroke }
        .histogram { height: 7rem; border-bottom: 1px solid var(--soft) }
        .outputs { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(26rem, 100%), 1fr)); gap: 1rem 2.5rem }
        .outputs > * { min-width: 0 } .outputs figure { margin: .5rem 0 }
        .course { overflow: visible; border-bottom: 1px solid var(--line) } .scale { fill: var(--soft); font: 11px system-ui, sans-serif }
        .step { stroke: var(--now); stroke-width: 2 } .step.other { stroke: var(--before); stroke-dasharray: 5 3 } .limit { stroke: var(--bad); stroke-width: 2; stroke-dasharray: 2 3 }
        .dot { fill: var(--now) } .dot.other { fill: var(--paper); stroke: var(--before); stroke-width: 2 }
        details { margin: .4rem 0 } summary { cursor: pointer; color: var(--soft); font-size: .85rem }
        article { padding: .3rem 0 .8rem } article + article { border-top: 1px solid var(--line); padding-top: .9rem }
        @media (max-width: 72rem) { time, .slot { white-space: normal } }
        @media (max-width: 56rem) {
          .lane { grid-template-columns: 1fr } .lane > span { padding: .5rem 0 0 } .lane + .axis { margin-left: 0 }
          table, caption, tbody { display: block } thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) } tbody .figure { white-space: normal; text-align: left }
          tbody tr { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: .1rem 1rem; padding: .5rem 0; border-bottom: 1px solid var(--line) }
          tbody th, tbody td { grid-column: 1 / -1; display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: .6rem; border: 0; padding: 0; text-align: left; overflow-wrap: anywhere }
          .outputs tbody tr { grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)) }
          tbody td.figure { grid-column: auto; display: flex; justify-content: space-between }
          tbody th::before, tbody td::before { content: attr(data-column); color: var(--soft); font-weight: 400 }
        }
        @media print { body { max-width: none } details { display: none } }
        </style>
        """);
}
