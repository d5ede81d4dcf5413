import { runApp } from '@crosspoint/web-phone/node';
import { startTriangle } from './triangle.ts';

// Exit status 2 for bad usage, as everywhere in the lab.
await runApp(
  {
    name: 'triangle',
    description: 'Two browsers, one web server: open the page it prints in two tabs, and call.',
    async start({ options, web, change }) {
      const server = await startTriangle({ ...web, noAnswerMs: options.ringTimeout, change });
      return {
        url: server.url,
        port: server.port,
        words: (url) => [`Crosspoint triangle: open ${url} in two tabs, give two names, and call.`],
        close: () => server.close(),
      };
    },
  },
  process.argv.slice(2),
);
