/*
 * The pseudo terminal of a command.
 */
#ifndef TERMINAL_H
#define TERMINAL_H

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static void terminal_resize(int master, uint16_t columns, uint16_t rows)
{
    /* The kernel tells the foreground group (SIGWINCH). */
    struct winsize size = { .ws_col = columns, .ws_row = rows };
    ioctl(master, TIOCSWINSZ, &size);
}

/* Our side and the command's, or -1 with errno. */
static int terminal_open(uint16_t columns, uint16_t rows, int *command_side)
{
    int locked = 0, number;
    int master = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (master < 0) return -1;
    if (ioctl(master, TIOCSPTLCK, &locked) == 0) {
        *command_side = ioctl(master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
        if (*command_side < 0 && ioctl(master, TIOCGPTN, &number) == 0) {
            char path[32];
            snprintf(path, sizeof path, "/dev/pts/%d", number);
            *command_side = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
        }
        if (*command_side >= 0) {
            terminal_resize(master, columns, rows);
            return master;
        }
    }
    close(master);
    return -1;
}

/* The process group that has the terminal, or the given one. */
static pid_t terminal_foreground(int master, pid_t otherwise)
{
    pid_t group;
    return ioctl(master, TIOCGPGRP, &group) == 0 && group > 1 ? group : otherwise;
}

/* The character that ends input in the terminal's present mode. */
static char terminal_end(int master)
{
    struct termios settings;
    return tcgetattr(master, &settings) == 0 && settings.c_cc[VEOF] ? (char)settings.c_cc[VEOF] : 4;
}

#endif
