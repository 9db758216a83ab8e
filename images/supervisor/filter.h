/*
 * System calls that need no rights and yet reach PID 1, because it has the same user: they could take away its descriptors or its CPU
 * time. They are refused for PID 1 and for "all processes of this user"; for everything else they work. io_uring is hidden: what it does
 * passes no such filter.
 */
#ifndef FILTER_H
#define FILTER_H

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#if defined(__x86_64__)
#define FILTER_ARCH AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define FILTER_ARCH AUDIT_ARCH_AARCH64
#else
#error "no filter for this architecture"
#endif

/* Which argument names the process; which value of the argument before it means a user. */
struct filter_rule {
    uint32_t number, number_32, process, user;
};

#define FILTER_HIDDEN UINT32_MAX
#define FILTER_NO_USER UINT32_MAX

static const struct filter_rule filter_rules[] = {
    { SYS_prlimit64, 340, 0, FILTER_NO_USER },
    { SYS_setpriority, 97, 1, 2 },
    { SYS_ioprio_set, 289, 1, 3 },
    { SYS_sched_setparam, 154, 0, FILTER_NO_USER },
    { SYS_sched_setscheduler, 156, 0, FILTER_NO_USER },
    { SYS_sched_setaffinity, 241, 0, FILTER_NO_USER },
    { SYS_sched_setattr, 351, 0, FILTER_NO_USER },
    { SYS_io_uring_setup, 425, FILTER_HIDDEN, FILTER_NO_USER },
};

#define FILTER_RULES (sizeof filter_rules / sizeof *filter_rules)
#define FILTER_RULE_SIZE 7
#define FILTER_LOAD(offset) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offset)
#define FILTER_ARGUMENT(index) (offsetof(struct seccomp_data, args) + (index) * sizeof(uint64_t))
#define FILTER_RETURN(value) BPF_STMT(BPF_RET | BPF_K, value)
#define FILTER_EQUAL(value, then, otherwise) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, then, otherwise)

static void filter_rule(struct sock_filter *at, const struct filter_rule *rule, uint32_t number)
{
    uint32_t process = rule->process == FILTER_HIDDEN ? 0 : rule->process;
    struct sock_filter code[FILTER_RULE_SIZE] = {
        FILTER_EQUAL(number, 0, FILTER_RULE_SIZE - 1),
        FILTER_LOAD(FILTER_ARGUMENT(process == 0 ? 0 : process - 1)),
        FILTER_EQUAL(rule->user, 2, 0),
        FILTER_LOAD(FILTER_ARGUMENT(process)),
        FILTER_EQUAL(1, 0, 1),
        FILTER_RETURN(SECCOMP_RET_ERRNO | EPERM),
        FILTER_RETURN(SECCOMP_RET_ALLOW),
    };
    if (rule->user == FILTER_NO_USER) code[2] = (struct sock_filter)FILTER_EQUAL(0, 0, 0);
    if (rule->process == FILTER_HIDDEN) code[1] = (struct sock_filter)FILTER_RETURN(SECCOMP_RET_ERRNO | ENOSYS);
    for (int i = 0; i < FILTER_RULE_SIZE; i++) at[i] = code[i];
}

/* For the calling process and all that come from it. Returns 0, or -1 with errno. */
static int install_filter(void)
{
    /* architecture; 64 bits: number, no x32, rules, allow; 32 bits: number, rules, allow; others: refuse */
    static struct sock_filter code[10 + 2 * FILTER_RULES * FILTER_RULE_SIZE];
    size_t at = 0, table = FILTER_RULES * FILTER_RULE_SIZE + 2;
    code[at++] = (struct sock_filter)FILTER_LOAD(offsetof(struct seccomp_data, arch));
    code[at++] = (struct sock_filter)FILTER_EQUAL(FILTER_ARCH, 0, table + 2);
    code[at++] = (struct sock_filter)FILTER_LOAD(offsetof(struct seccomp_data, nr));
    code[at++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
    code[at++] = (struct sock_filter)FILTER_RETURN(SECCOMP_RET_ERRNO | ENOSYS);
    for (size_t i = 0; i < FILTER_RULES; i++, at += FILTER_RULE_SIZE) filter_rule(code + at, filter_rules + i, filter_rules[i].number);
    code[at++] = (struct sock_filter)FILTER_RETURN(SECCOMP_RET_ALLOW);
    code[at++] = (struct sock_filter)FILTER_EQUAL(AUDIT_ARCH_I386, 0, table);
    code[at++] = (struct sock_filter)FILTER_LOAD(offsetof(struct seccomp_data, nr));
    for (size_t i = 0; i < FILTER_RULES; i++, at += FILTER_RULE_SIZE) filter_rule(code + at, filter_rules + i, filter_rules[i].number_32);
    code[at++] = (struct sock_filter)FILTER_RETURN(SECCOMP_RET_ALLOW);
    code[at++] = (struct sock_filter)FILTER_RETURN(SECCOMP_RET_ERRNO | ENOSYS);
    struct sock_fprog program = { at, code };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return -1;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}

#endif
