using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;
using NSubstitute;
using Platform.Core.Data.Entities;
using Platform.Core.Deployments;
using Platform.Core.Deployments.Domains;
using Platform.Core.Realtime;
using Platform.Testing;

namespace Platform.Core.Tests.Deployments;

[Trait("Category", "Integration")]
public sealed class SiteDomainsTests(SiteFixture fixture) : IClassFixture<SiteFixture>
{
    private readonly Resolver _resolver = new();

    [Theory]
    [InlineData("Example.COM.", "example.com")]
    [InlineData("bücher.example", "xn--bcher-kva.example")]
    [InlineData(" www.example.co.uk ", "www.example.co.uk")]
    public void Name_is_stored_in_one_form(string text, string expected)
    {
        DomainName.TryNormalize(text, out var host).ShouldBeTrue();
        host.ShouldBe(expected);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("localhost")]
    [InlineData("127.0.0.1")]
    [InlineData("::1")]
    [InlineData("example.com:80")]
    [InlineData("https://example.com")]
    [InlineData("-a.example.com")]
    [InlineData("a_b.example.com")]
    [InlineData("a..example.com")]
    [InlineData("*.example.com")]
    [InlineData("exa mple.com")]
    public void What_is_no_host_name_is_refused(string? text) => DomainName.TryNormalize(text, out _).ShouldBeFalse();

    [Theory]
    [InlineData("shop.apps.example.test")]
    [InlineData("apps.example.test")]
    [InlineData("example.test")]
    [InlineData("console.example.test")]
    [InlineData("x.console.example.test")]
    public async Task Names_of_the_platform_cannot_be_claimed(string host)
    {
        var project = await fixture.AddProjectAsync();

        (await Domains().AddAsync(project.Id, project.OwnerId, host, CancellationToken.None)).Outcome.ShouldBe(DomainOutcome.Refused);
    }

    [Fact]
    public async Task Claim_blocks_nobody_and_only_one_shows_the_domain()
    {
        var (mine, theirs) = (await fixture.AddProjectAsync(), await fixture.AddProjectAsync());
        var host = $"{mine.Slug}.example";
        var squatted = (await Domains().AddAsync(theirs.Id, theirs.OwnerId, host, CancellationToken.None)).Domain!;
        var claimed = (await Domains().AddAsync(mine.Id, mine.OwnerId, host, CancellationToken.None)).Domain!;
        (await Domains().AddAsync(mine.Id, mine.OwnerId, host, CancellationToken.None)).Outcome.ShouldBe(DomainOutcome.Duplicate);

        _resolver.Aliases[host] = $"{mine.Slug}.apps.example.test";
        (await Domains().VerifyAsync(mine.Id, claimed.Id, CancellationToken.None))!.Status.ShouldBe(SiteDomainStatus.Verified);
        (await Domains().VerifyAsync(theirs.Id, squatted.Id, CancellationToken.None))!.Status.ShouldBe(SiteDomainStatus.Pending);
        // Even a proof does not take a domain away from who shows it.
        _resolver.Texts[SiteDomains.RecordOf(squatted).Name] = SiteDomains.RecordOf(squatted).Value;
        var refused = (await Domains().VerifyAsync(theirs.Id, squatted.Id, CancellationToken.None))!;
        (refused.Status, refused.Problem!.Contains("Another project", StringComparison.Ordinal)).ShouldBe((SiteDomainStatus.Pending, true));
        (await Domains().VerifyAsync(theirs.Id, claimed.Id, CancellationToken.None)).ShouldBeNull();
        (await Domains().RemoveAsync(theirs.Id, claimed.Id, CancellationToken.None)).ShouldBeFalse();
    }

    [Fact]
    public async Task Domain_whose_proof_is_gone_is_given_up_after_several_looks_but_not_when_nobody_answers()
    {
        var project = await fixture.AddProjectAsync();
        var host = $"{project.Slug}.example";
        var domain = (await Domains().AddAsync(project.Id, project.OwnerId, host, CancellationToken.None)).Domain!;
        _resolver.Aliases[host] = $"{project.Slug}.apps.example.test";
        await Domains().VerifyAsync(project.Id, domain.Id, CancellationToken.None);

        _resolver.IsDown = true;
        for (var time = 0; time < 5; time++) (await Domains().VerifyAsync(project.Id, domain.Id, CancellationToken.None))!.Status.ShouldBe(SiteDomainStatus.Verified);
        _resolver.IsDown = false;
        _resolver.Aliases.Clear();
        for (var time = 0; time < 2; time++)
        {
            fixture.Time.Advance(TimeSpan.FromHours(13));
            await Domains().CheckDueAsync(CancellationToken.None);
            (await Domains().ListAsync(project.Id, CancellationToken.None)).Single().Status.ShouldBe(SiteDomainStatus.Verified);
        }

        fixture.Time.Advance(TimeSpan.FromHours(13));
        await Domains().CheckDueAsync(CancellationToken.None);
        (await Domains().ListAsync(project.Id, CancellationToken.None)).Single().Status.ShouldBe(SiteDomainStatus.Failed);
    }

    [Fact]
    public void Question_is_written_as_the_standard_says() => Convert.ToHexStringLower(DnsMessage.WriteQuestion(0x1234, "www.example.com", DnsMessage.Text))
        .ShouldBe("123401000001000000000000" + "03777777" + "076578616d706c65" + "03636f6d" + "00" + "0010" + "0001");

    [Theory]
    // A text in two strings, its name a pointer to the question.
    [InlineData("1234818000010001000000000161016200001000 01c00c001000010000003c000b0361 626306646566676869 ", "a.b", 16, "abcdefghi")]
    // An alias whose name points into the question.
    [InlineData("1234818000010001000000000161016200000500 01c00c000500010000003c0004017 8c00e", "a.b", 5, "x.b")]
    public void Recorded_answer_is_read(string hex, string name, int type, string expected)
    {
        var message = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        DnsMessage.Read(message, 0x1234, name, (ushort)type)!.Values.ShouldBe([expected]);
        DnsMessage.Read(message, 0x1235, name, (ushort)type).ShouldBeNull();
        DnsMessage.Read(message, 0x1234, "other", (ushort)type).ShouldBeNull();
        for (var length = 0; length < message.Length; length++)
        {
            var cut = message[..length];
            try
            {
                DnsMessage.Read(cut, 0x1234, name, (ushort)type)?.Values.ShouldNotContain(expected);
            }
            catch (FormatException)
            {
                continue;
            }
        }
    }

    [Fact]
    public void Name_that_leads_in_a_circle_ends() =>
        Should.Throw<FormatException>(() => DnsMessage.Read(Convert.FromHexString("123481800001000000000000c00c00100001"), 0x1234, "a", 16));

    [Fact]
    public async Task Server_is_asked_over_udp_and_over_tcp_when_the_answer_does_not_fit()
    {
        var port = FreePorts.Take();
        using var udp = new UdpClient(new IPEndPoint(IPAddress.Loopback, port));
        using var tcp = new TcpListener(IPAddress.Loopback, port);
        tcp.Start();
        var serving = Task.Run(async () =>
        {
            var question = await udp.ReceiveAsync();
            // Somebody else's answer first, then one that says: too long.
            await udp.SendAsync(Answer(question.Buffer, flags: 0x8180, 0xFFFF, "wrong"), question.RemoteEndPoint);
            await udp.SendAsync(Answer(question.Buffer, flags: 0x8380, 0, null), question.RemoteEndPoint);
            using var client = await tcp.AcceptTcpClientAsync();
            await using var stream = client.GetStream();
            var length = new byte[2];
            await stream.ReadExactlyAsync(length);
            var asked = new byte[(length[0] << 8) | length[1]];
            await stream.ReadExactlyAsync(asked);
            var answer = Answer(asked, flags: 0x8180, 0, "right");
            await stream.WriteAsync(new byte[] { (byte)(answer.Length >> 8), (byte)answer.Length });
            await stream.WriteAsync(answer);
        });
        var resolver = new DnsResolver(Options.Create(new SiteOptions { NameServers = $"127.0.0.1:{port}" }), TimeProvider.System);

        (await resolver.FindTextsAsync("a.example", CancellationToken.None)).ShouldBe(["right"]);
        await serving;
    }

    private static byte[] Answer(byte[] question, int flags, int change, string? text)
    {
        List<byte> message = [.. question];
        (message[0], message[1]) = ((byte)(question[0] ^ (change >> 8)), (byte)(question[1] ^ change));
        (message[2], message[3]) = ((byte)(flags >> 8), (byte)flags);
        if (text is null) return [.. message];
        message[7] = 1;
        message.AddRange([0xC0, 12, 0, 16, 0, 1, 0, 0, 0, 60, 0, (byte)(text.Length + 1), (byte)text.Length, .. Encoding.ASCII.GetBytes(text)]);
        return [.. message];
    }

    private SiteDomains Domains() => new(
        fixture.CreateContext(), _resolver, new SiteAddresses(new SiteOptions { BaseUrl = "https://apps.example.test" }),
        new ReservedHosts(["apps.example.test", "console.example.test"]), Substitute.For<IEventBus>(), fixture.Time);

    private sealed class Resolver : IDomainResolver
    {
        public ConcurrentDictionary<string, string> Texts { get; } = new();

        public ConcurrentDictionary<string, string> Aliases { get; } = new();

        public bool IsDown { get; set; }

        public Task<IReadOnlyList<string>> FindTextsAsync(string name, CancellationToken cancellationToken) => IsDown
            ? throw new DomainResolverException("down")
            : Task.FromResult<IReadOnlyList<string>>(Texts.TryGetValue(name, out var text) ? [text] : []);

        public Task<string?> FindAliasAsync(string name, CancellationToken cancellationToken) => Task.FromResult(Aliases.GetValueOrDefault(name));
    }
}
