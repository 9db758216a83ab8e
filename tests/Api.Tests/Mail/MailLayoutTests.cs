using Platform.Api.Common.Mail;
using Platform.Api.Mail;
using Platform.Api.Mail.Delivery;

namespace Platform.Api.Tests.Mail;

public sealed class MailLayoutTests
{
    [Fact]
    public void What_people_wrote_is_text_and_nothing_else()
    {
        var mail = MailLayout.Render(new MailContent("<script>alert(1)</script>", "Hello <img src=x onerror=alert(1)>,", "{{subject}}")
        {
            Code = "12<34",
            Link = new MailLink("\"><script>", new Uri("http://localhost/?q=\"><script>")),
            Note = "a & b",
        });

        mail.Html.ShouldNotContain("<script");
        mail.Html.ShouldNotContain("<img");
        mail.Html.ShouldContain("Hello &lt;img src=x onerror=alert(1)&gt;,");
        mail.Html.ShouldContain("12&lt;34");
        mail.Html.ShouldContain("a &amp; b");
        mail.Html.ShouldContain("{{subject}}");
        mail.Text.ShouldContain("Hello <img src=x onerror=alert(1)>,");
        mail.Text.ShouldContain("a & b");
    }

    [Theory]
    [InlineData("Hello\r\nBcc: everybody@example.com")]
    [InlineData("Hello\nBcc: everybody@example.com")]
    [InlineData("Hello\r\n\r\n<html>")]
    public void A_subject_is_one_line(string subject)
    {
        using var message = new OutgoingMail(Guid.NewGuid(), "Autostack <no-reply@localhost>", "ada@example.com", MailLayout.Render(new MailContent(subject, "text"))).ToMessage();
        message.Subject.ShouldStartWith("Hello ");
        message.Subject.ShouldNotContain('\n');
        message.Subject.ShouldNotContain('\r');
        message.Bcc.ShouldBeEmpty();
        message.To.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("ada@example.com\r\nBcc: everybody@example.com")]
    [InlineData("ada@example.com, everybody@example.com")]
    [InlineData("")]
    public void A_recipient_is_one_address(string to) =>
        Should.Throw<Exception>(() => new OutgoingMail(Guid.NewGuid(), "no-reply@localhost", to, new RenderedMail("s", "t", "h")).ToMessage())
            .ShouldBeAssignableTo<SystemException>();

    [Fact]
    public void Everything_stands_in_both_forms()
    {
        var mail = MailLayout.Render(new MailContent("Subject", "First", "Second") { Code = "123456", Link = new MailLink("Open", new Uri("https://example.com/x")), Note = "Note" });
        foreach (var part in new[] { "Subject", "First", "Second", "123456", "Open", "https://example.com/x", "Note", "Autostack" })
        {
            mail.Text.ShouldContain(part);
            mail.Html.ShouldContain(part);
        }
    }
}
