using System.Text;

namespace Platform.AppHost.Local.Processes;

/// <summary>Splits a process's output into lines; one without an end is cut, so that it cannot fill the memory.</summary>
internal static class LineReader
{
    public const int LongestLine = 16 * 1024;

    public static async Task CopyAsync(TextReader reader, Action<string> onLine)
    {
        var buffer = new char[4096];
        var line = new StringBuilder();
        int count;
        while ((count = await reader.ReadAsync(buffer.AsMemory())) > 0)
        {
            for (var i = 0; i < count; i++)
            {
                if (buffer[i] == '\n')
                {
                    Emit(line, onLine);
                }
                else
                {
                    line.Append(buffer[i]);
                    if (line.Length >= LongestLine) Emit(line, onLine);
                }
            }
        }

        if (line.Length > 0) Emit(line, onLine);
    }

    private static void Emit(StringBuilder line, Action<string> onLine)
    {
        if (line.Length > 0 && line[^1] == '\r') line.Length--;
        onLine(line.ToString());
        line.Clear();
    }
}
