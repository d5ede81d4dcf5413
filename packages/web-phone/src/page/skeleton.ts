import { html, type TemplateResult } from 'lit';
import { servedTopology } from './served-topology.ts';

/** The page's fixed parts; the regions are drawn into them. */
export function skeleton(): TemplateResult {
  return html`
    <header class="top">
      <h1><span class="brand">Crosspoint</span> <span class="title">${servedTopology.title}</span></h1>
      <div id="self"></div>
    </header>
    <main data-joined="false">
      <section id="call" aria-label="Call" data-phase="idle">
        <div id="words"></div>
        <div id="ringing"></div>
        <div id="stage" hidden>
          <video id="remote" autoplay playsinline></video>
          <p class="instead"></p>
          <video id="own" autoplay playsinline .muted=${true} aria-label="Your own picture" hidden></video>
        </div>
        <div id="buttons"></div>
        <div id="figures"></div>
        <div id="join"></div>
      </section>
      <div class="side">
        <section id="chat" aria-label="Chat" hidden></section>
        <section id="people" aria-label="People" hidden></section>
      </div>
      <section id="topology" aria-label="Topology">
        <cp-topology-map></cp-topology-map>
      </section>
      <section id="messages" aria-label="Signaling" hidden>
        <h2>Signaling</h2>
        <div class="scroll" tabindex="0" role="region" aria-label="Signaling messages"><cp-ladder></cp-ladder></div>
      </section>
    </main>
  `;
}
