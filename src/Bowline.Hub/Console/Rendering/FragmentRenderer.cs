using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Logging;

namespace Bowline.Hub.Console.Rendering;

/// <summary>Renders one component to HTML text, for the event stream and for htmx answers.</summary>
internal sealed class FragmentRenderer(IServiceProvider services, ILoggerFactory loggers) : IAsyncDisposable
{
    private readonly HtmlRenderer _renderer = new(services, loggers);

    /// <summary>Renders <typeparamref name="T"/> with the given parameters.</summary>
    public Task<string> RenderAsync<T>(Dictionary<string, object?> parameters)
        where T : IComponent => _renderer.Dispatcher.InvokeAsync(async () =>
        {
            var output = await _renderer.RenderComponentAsync<T>(ParameterView.FromDictionary(parameters));
            return output.ToHtmlString();
        });

    public ValueTask DisposeAsync() => _renderer.DisposeAsync();
}
