namespace Platform.AppHost.Tests.Model;

public sealed class StoreUrlTests
{
    [Theory]
    [InlineData("postgresql://user:p%40ss@db.example:6000/platform", "Host=db.example;Port=6000;Username=user;Password=p@ss;Database=platform")]
    [InlineData("postgres://db.example/platform", "Host=db.example;Port=5432;Database=platform")]
    [InlineData("postgresql://u:a%3Bb@h/d?sslmode=verify-full", "Host=h;Port=5432;Username=u;Password=\"a;b\";Database=d;SSL Mode=verifyfull")]
    [InlineData("redis://cache.example", "cache.example:6379")]
    [InlineData("redis://:pw@cache.example:7000/2", "cache.example:7000,password=pw,defaultDatabase=2")]
    [InlineData("rediss://default:pw@cache.example", "cache.example:6379,password=pw,ssl=true")]
    [InlineData("rediss://worker:pw@cache.example", "cache.example:6379,user=worker,password=pw,ssl=true")]
    [InlineData("mongodb://localhost:27017/documents", "mongodb://localhost:27017/documents")]
    [InlineData("Host=localhost;Database=platform", "Host=localhost;Database=platform")]
    [InlineData("localhost:6379,password=pw", "localhost:6379,password=pw")]
    public void A_url_becomes_a_connection_string(string url, string expected) => StoreUrl.ToConnectionString(url).ShouldBe(expected);
}
