using System.Buffers.Binary;
using System.Text;

namespace Platform.Core.Deployments.Domains;

/// <summary>Messages of RFC 1035, as far as questions for TXT and CNAME records need them.</summary>
internal static class DnsMessage
{
    public const ushort Alias = 5;
    public const ushort Text = 16;

    private const int HeaderLength = 12;
    private const ushort Internet = 1;
    private const int MaxLabel = 63;
    private const int MaxName = 253;

    // A name may point to an earlier part of the message; a message cannot hold more different ones than this without a circle.
    private const int MaxJumps = 64;

    /// <summary>A question that asks the server to do the whole search.</summary>
    public static byte[] WriteQuestion(ushort id, string name, ushort type)
    {
        var message = new List<byte>(HeaderLength + name.Length + 6);
        Add(message, id, 0x0100, 1, 0, 0, 0);
        foreach (var label in name.Split('.'))
        {
            if (label.Length is 0 or > MaxLabel || !Ascii.IsValid(label)) throw new ArgumentException($"Not a host name: {name}", nameof(name));
            message.Add((byte)label.Length);
            message.AddRange(Encoding.ASCII.GetBytes(label));
        }

        message.Add(0);
        Add(message, type, Internet);
        return [.. message];
    }

    /// <summary>Reads an answer. Null when it does not answer this question.</summary>
    /// <exception cref="FormatException">The message is broken.</exception>
    public static DnsAnswer? Read(ReadOnlySpan<byte> message, ushort id, string name, ushort type)
    {
        if (message.Length < HeaderLength || Word(message, 0) != id) return null;
        var flags = Word(message, 2);
        if ((flags & 0x8000) == 0 || Word(message, 4) != 1) return null;
        var at = HeaderLength;
        // Whoever can guess the number must also know the question.
        if (!ReadName(message, ref at).Equals(name, StringComparison.OrdinalIgnoreCase) || Word(message, at) != type) return null;
        at += 4;
        var answer = new DnsAnswer(flags & 0xF, (flags & 0x0200) != 0, []);
        for (var left = Word(message, 6); left > 0; left--)
        {
            var owner = ReadName(message, ref at);
            var (kind, length) = (Word(message, at), Word(message, at + 8));
            at += 10;
            if (at + length > message.Length) throw new FormatException("A record is longer than its message.");
            // Texts may belong to the name that an alias leads to.
            if (kind == type && (type == Text || owner.Equals(name, StringComparison.OrdinalIgnoreCase))) answer.Values.Add(ReadValue(message, at, length, type));
            at += length;
        }

        return answer;
    }

    private static string ReadValue(ReadOnlySpan<byte> message, int at, int length, ushort type)
    {
        if (type == Alias) return ReadName(message, ref at);
        // A text is one or more strings with their lengths.
        var text = new StringBuilder();
        for (var end = at + length; at < end;)
        {
            var part = message[at++];
            if (at + part > end) throw new FormatException("A text is longer than its record.");
            text.Append(Encoding.UTF8.GetString(message.Slice(at, part)));
            at += part;
        }

        return text.ToString();
    }

    private static string ReadName(ReadOnlySpan<byte> message, ref int at)
    {
        var name = new StringBuilder();
        var (position, jumps, jumped) = (at, 0, false);
        while (true)
        {
            var length = Byte(message, position++);
            if (length == 0) break;
            if (length >= 0xC0)
            {
                var target = ((length & 0x3F) << 8) | Byte(message, position++);
                if (!jumped) at = position;
                (position, jumped) = (target, true);
                if (++jumps > MaxJumps) throw new FormatException("A name leads in a circle.");
                continue;
            }

            if (length > MaxLabel || position + length > message.Length || name.Length + length > MaxName) throw new FormatException("A name is broken.");
            if (name.Length > 0) name.Append('.');
            name.Append(Encoding.ASCII.GetString(message.Slice(position, length)));
            position += length;
        }

        if (!jumped) at = position;
        return name.ToString();
    }

    private static byte Byte(ReadOnlySpan<byte> message, int at) => at < message.Length ? message[at] : throw new FormatException("The message ends too early.");

    private static ushort Word(ReadOnlySpan<byte> message, int at) =>
        at + 2 <= message.Length ? BinaryPrimitives.ReadUInt16BigEndian(message[at..]) : throw new FormatException("The message ends too early.");

    private static void Add(List<byte> message, params ReadOnlySpan<ushort> words)
    {
        foreach (var word in words)
        {
            message.Add((byte)(word >> 8));
            message.Add((byte)word);
        }
    }
}

/// <summary>What a server said.</summary>
/// <param name="Code">0: fine; 3: no such name.</param>
/// <param name="IsTruncated">The rest did not fit: ask again over TCP.</param>
/// <param name="Values">The records asked for.</param>
internal sealed record DnsAnswer(int Code, bool IsTruncated, List<string> Values);
