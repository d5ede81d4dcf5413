import type { Driver } from '../driver.ts';
import { type BrowserKind, browserDriver } from './browser-driver.ts';

/** Debian's Firefox ESR over WebDriver BiDi. */
export function firefoxDriver(): Driver {
  return browserDriver(firefox());
}

export function firefox(): BrowserKind {
  return {
    id: 'firefox',
    name: 'Firefox ESR',
    programs: ['firefox-esr', 'firefox'],
    override: 'CROSSPOINT_FIREFOX',
    install: 'apt-get install firefox-esr',
    launch: {
      browser: 'firefox',
      headless: true,
      extraPrefsFirefox: {
        'media.navigator.streams.fake': true,
        'media.navigator.permission.disabled': true,
        'media.peerconnection.ice.obfuscate_host_addresses': false,
        'media.autoplay.default': 0,
        // Nobody clicks in a driven page: sound must start without it.
        'media.autoplay.blocking_policy': 0,
        'media.autoplay.block-webaudio': false,
        // No plug-in, update or telemetry may be looked for: nothing leaves the machine.
        'media.gmp-manager.updateEnabled': false,
        'media.gmp-provider.enabled': false,
        'app.update.enabled': false,
        'toolkit.telemetry.enabled': false,
        'datareporting.policy.dataSubmissionEnabled': false,
        'network.captive-portal-service.enabled': false,
        'network.connectivity-service.enabled': false,
        'dom.min_background_timeout_value': 4,
        // Two people share one program: the page behind plays, draws and records like the one in front.
        'media.block-autoplay-until-in-foreground': false,
        'dom.suspend_inactive.enabled': false,
        'layout.throttled_frame_rate': 60,
        // A machine that is busy for ten seconds is no reason to end a page's script.
        'dom.max_script_run_time': 0,
      },
    },
  };
}
