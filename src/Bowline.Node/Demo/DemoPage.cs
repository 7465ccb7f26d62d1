namespace Bowline.Node.Demo;

/// <summary>The demo's page. All its addresses are relative, because it is served below a path.</summary>
internal static class DemoPage
{
    public const string Html = """
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8">
          <meta name="viewport" content="width=device-width, initial-scale=1">
          <title>Bowline demo</title>
          <style>
            :root { color-scheme: light dark; font-family: system-ui, sans-serif; }
            body { max-width: 40rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.5; }
            output { display: block; font-family: ui-monospace, monospace; padding: .5rem; border: 1px solid currentColor; border-radius: .3rem; min-height: 1.5em; white-space: pre-wrap; }
            button, input { font: inherit; padding: .3rem .6rem; }
          </style>
        </head>
        <body>
          <h1>It works.</h1>
          <p>This page comes from an ASP.NET Core app inside the node's process. It listens on no port: it is reached through the hub.</p>
          <h2>JSON</h2>
          <output id="hello">asking...</output>
          <h2>A clock, by server-sent events</h2>
          <output id="clock">waiting...</output>
          <h2>An echo, over WebSocket</h2>
          <p><input id="text" value="ahoy" aria-label="Text to send"> <button id="send">Send</button></p>
          <output id="echo"></output>
          <script>
            const at = id => document.getElementById(id);
            fetch('api/hello').then(r => r.json()).then(j => at('hello').textContent = JSON.stringify(j, null, 2)).catch(e => at('hello').textContent = e);
            new EventSource('clock').onmessage = e => at('clock').textContent = e.data;
            let socket;
            const open = () => {
              socket = new WebSocket(new URL('ws', location.href).href.replace(/^http/, 'ws'));
              socket.onmessage = e => at('echo').textContent += e.data + '\n';
            };
            open();
            at('send').onclick = () => { if (socket.readyState === 1) socket.send(at('text').value); else { open(); socket.onopen = () => socket.send(at('text').value); } };
          </script>
        </body>
        </html>
        """;
}
