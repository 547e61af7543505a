import numpy as np
import torch
import torch.autograd as autograd
import torch.nn as nn

LATENT, BATCH, CRITIC_STEPS, LAMBDA = 4, 16, 2, 10


def mlp(inputs, outputs):
    return nn.Sequential(nn.Linear(inputs, 16), nn.Tanh(), nn.Linear(16, outputs))


def gradient_penalty(critic, real, fake):
    alpha = torch.rand(real.size(0), 1)
    interpolates = (alpha * real + (1 - alpha) * fake).requires_grad_(True)
    scores = critic(interpolates)
    gradients = autograd.grad(
        outputs=scores,
        inputs=interpolates,
        grad_outputs=torch.ones_like(scores),
        create_graph=True,
        retain_graph=True,
        only_inputs=True,
    )[0]
    gradients = gradients.view(gradients.size(0), -1)
    return ((gradients.norm(2, dim=1) - 1) ** 2).mean()


def main():
    rng = np.random.default_rng(11)
    generator, critic = mlp(LATENT, 2), mlp(2, 1)
    opt_g = torch.optim.RMSprop(generator.parameters(), lr=1e-3)
    opt_c = torch.optim.Adam(critic.parameters(), lr=1e-3, betas=(0.0, 0.9))

    for step in range(20):
        for _ in range(CRITIC_STEPS):
            real = torch.from_numpy(rng.normal(2.0, 0.5, (BATCH, 2)).astype(np.float32))
            fake = generator(torch.randn(BATCH, LATENT)).detach()
            opt_c.zero_grad()
            loss_c = critic(fake).mean() - critic(real).mean() + LAMBDA * gradient_penalty(critic, real, fake)
            loss_c.backward()
            opt_c.step()

        for p in critic.parameters():
            p.requires_grad_(False)
        opt_g.zero_grad()
        loss_g = -critic(generator(torch.randn(BATCH, LATENT))).mean()
        loss_g.backward()
        opt_g.step()
        for p in critic.parameters():
            p.requires_grad_(True)

        print(f"{step}: critic {loss_c.item():.4f}, generator {loss_g.item():.4f}")


if __name__ == "__main__":
    main()
